/** The closed vocabularies of payments and of the funds ledger. */

export const paymentProviders = ['request.network', 'amn.scanner', 'shkeeper', 'escrow', 'other'] as const

export const paymentDirections = ['in', 'out', 'refund'] as const

export const paymentStatuses = [
  'pending',
  'processing',
  'confirmed',
  'completed',
  'failed',
  'cancelled',
  'expired',
  'refunded',
] as const

export const escrowStates = [
  'none',
  'funded',
  'releasable',
  'releasing',
  'released',
  'refunding',
  'refunded',
  'partial',
  'failed',
  'cancelled',
] as const

/** How the money that came compares with the money that was asked for. */
export const matchings = ['exact', 'under', 'over', 'late', 'unmatched'] as const

/** Where a row was born: rules that old data cannot meet bind only those of the application. */
export const origins = ['legacy', 'app'] as const

export const ledgerKinds = [
  'payin',
  'hold',
  'unhold',
  'platform_fee',
  'aml_fee',
  'release_init',
  'release_confirm',
  'release_fail',
  'refund_init',
  'refund_confirm',
  'refund_fail',
  'sweep',
  'provider_fee',
  'gas',
  'adjustment',
  'reversal',
] as const

/** Of adjustments and reversals alone: towards what is available, or away from it. */
export const ledgerDirections = ['credit', 'debit'] as const

export type PaymentProvider = (typeof paymentProviders)[number]
export type PaymentDirection = (typeof paymentDirections)[number]
export type PaymentStatus = (typeof paymentStatuses)[number]
export type EscrowState = (typeof escrowStates)[number]
export type Matching = (typeof matchings)[number]
export type Origin = (typeof origins)[number]
export type LedgerKind = (typeof ledgerKinds)[number]
export type LedgerDirection = (typeof ledgerDirections)[number]
