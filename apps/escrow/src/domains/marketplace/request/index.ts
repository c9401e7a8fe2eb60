export { createRequestEffectHandlers } from './effects.ts'
export { requestNotOpen } from './errors.ts'
export { newRequestSchema } from './input.ts'
export type {
  NewPurchaseRequest,
  PurchaseRequest,
  PurchaseRequestSummary,
  Specification,
} from './model.ts'
export { moveRequest } from './move.ts'
export { createRequestReadModel, type RequestReadModel } from './read-model.ts'
export type { RequestRepository } from './repository.ts'
export { registerRequestRoutes } from './routes.ts'
export { createRequestService, type RequestService } from './service.ts'
export { awaitingPayment, completed as completedStatuses, isOneOf, openForOffers } from './states.ts'
export { requestView, requestViewOf } from './views.ts'
export {
  type BudgetCurrency,
  budgetCurrencies,
  deliveryTypes,
  productTypes,
  urgencies,
} from './vocabulary.ts'
