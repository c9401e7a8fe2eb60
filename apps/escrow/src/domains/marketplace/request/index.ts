export type { PurchaseRequest, PurchaseRequestSummary } from './model.ts'
export type { RequestRepository } from './repository.ts'
