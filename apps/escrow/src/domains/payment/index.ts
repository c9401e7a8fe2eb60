export type { LedgerEntry } from './ledger.model.ts'
export type { LedgerRepository } from './ledger.repository.ts'
export type { Payment } from './model.ts'
export type { PaymentRepository } from './repository.ts'
