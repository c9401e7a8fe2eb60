import { DomainError } from '../../platform/errors.ts'
import type { EntityId } from '../../platform/ids.ts'
import { publicId } from '../../platform/ids.ts'
import type { Amount } from '../../platform/money.ts'

/** Buyer, request and offer have an open pay-in already; the service answers with that one. */
export function openPayinExists(cause?: unknown): DomainError {
  return new DomainError({
    code: 'OPEN_PAYIN_EXISTS',
    status: 409,
    title: 'There is an open payment already',
    detail: 'This offer has an open payment of yours. Ask for the intent again to get it.',
    cause,
  })
}

/** The offer cannot be paid: not this buyer's, not open any more, or in a currency without a token. */
export function notPayable(detail: string): DomainError {
  return new DomainError({ code: 'NOT_PAYABLE', status: 409, title: 'This offer cannot be paid', detail })
}

/** The chain or token is not one that this installation takes. */
export function unknownToken(chainId: number, token: string): DomainError {
  return new DomainError({
    code: 'TOKEN_NOT_SUPPORTED',
    status: 400,
    title: 'Token not supported',
    detail: `${token} on chain ${chainId} is not accepted here.`,
  })
}

/** The signature of a webhook does not fit its bytes and its intent. */
export function webhookRefused(): DomainError {
  return new DomainError({
    code: 'WEBHOOK_SIGNATURE_INVALID',
    status: 401,
    title: 'Signature refused',
    detail: 'X-AMN-Signature must be the hex HMAC-SHA256 of the raw body under the secret of its intent.',
  })
}

/** One transfer credits one payment: this one was credited to another. */
export function transactionAlreadyCredited(cause?: unknown): DomainError {
  return new DomainError({
    code: 'TRANSACTION_ALREADY_CREDITED',
    status: 409,
    title: 'This transfer was credited before',
    detail: 'The transaction and log index belong to another payment. Look at it before doing anything.',
    cause,
  })
}

/** The same cause was entered into the ledger before. */
export function ledgerEntryExists(cause?: unknown): DomainError {
  return new DomainError({
    code: 'LEDGER_ENTRY_EXISTS',
    status: 409,
    title: 'Entered before',
    detail: 'The ledger holds this movement already; nothing was written.',
    cause,
  })
}

/** The escrow's state does not allow this movement. */
export function escrowMoveRefused(id: EntityId, state: string | null, wanted: string): DomainError {
  return new DomainError({
    code: 'ESCROW_MOVE_REFUSED',
    status: 409,
    title: 'Not possible in this state',
    detail: `The escrow of payment ${publicId(id)} is ${state ?? 'without a state'}: it cannot become ${wanted}.`,
  })
}

/** More was asked for than the ledger has available (open holds and movements counted). */
export function insufficientAvailable(available: Amount, currency: string): DomainError {
  return new DomainError({
    code: 'INSUFFICIENT_AVAILABLE',
    status: 409,
    title: 'Not enough available',
    detail: `The ledger has ${available} ${currency} available for this payment. Ask for that much or less.`,
  })
}

/** The database itself refused an entry: a bucket of the payment's money would fall below zero. */
export function ledgerOverdrawn(cause: unknown): DomainError {
  return new DomainError({
    code: 'LEDGER_OVERDRAWN',
    status: 409,
    title: 'Not that much there',
    detail: 'This movement takes more than the ledger has for the payment; nothing was written.',
    cause,
  })
}

/** Money moves only where the ledger tells the whole story of the payment. */
export function ledgerIncomplete(id: EntityId): DomainError {
  return new DomainError({
    code: 'LEDGER_INCOMPLETE',
    status: 409,
    title: 'The ledger does not tell the whole of this payment',
    detail: `Payment ${publicId(id)} is older than the ledger or holds unreadable entries: an opening entry is needed first.`,
  })
}
