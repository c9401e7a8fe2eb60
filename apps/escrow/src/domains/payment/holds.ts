import type { Clock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/errors.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'
import { type Amount, isPositive } from '../../platform/money.ts'
import { entityReference } from '../../platform/reference.ts'
import type { PaymentRepositories, Units } from '../../units.ts'
import { type Cause, type LedgerBook, openBook } from './ledger-book.ts'
import type { Payment } from './model.ts'

/** A dispute and the request whose money it holds. */
export interface HoldOf {
  disputeId: EntityId
  requestId: EntityId
}

export interface Holds {
  /**
   * Sets everything aside that is available of the request's payments. The same dispute again changes nothing; where
   * nobody claims the hold with a dispute, the effect `hold.placed` makes sure that it is lifted.
   */
  place(hold: HoldOf, by: EntityId): Promise<void>
  /** Gives back what the dispute held. The same again changes nothing. */
  lift(hold: HoldOf): Promise<void>
}

/** Holds on the money of requests in dispute. */
export function createHolds({ units, clock }: { units: Pick<Units, 'payment'>; clock: Clock }): Holds {
  return {
    place: (hold, by) =>
      units.payment.transaction((repositories) =>
        placeHold(repositories, hold, {
          userId: by,
          agent: 'system',
          reason: 'dispute opened',
          requestId: null,
          at: clock.now(),
        }),
      ),
    lift: (hold) =>
      units.payment.transaction(async (repositories) => {
        await liftHold(repositories, hold, endOfHold(clock.now()))
      }),
  }
}

export function endOfHold(at: Date): Cause {
  return { userId: null, agent: 'system', reason: 'dispute ended', requestId: null, at }
}

async function placeHold(repositories: PaymentRepositories, hold: HoldOf, cause: Cause): Promise<void> {
  const payments = await paymentsOf(repositories, hold.requestId)
  for (const payment of payments) {
    await repositories.payments.update(payment.id, { disputed: true }, cause.at)
    const book = await readableBook(repositories, payment)
    const idempotencyKey = keyOf('hold', hold, payment)
    if (book === null || book.entries.some((entry) => entry.idempotencyKey === idempotencyKey)) continue
    const { disputeId } = hold
    await book.post([{ kind: 'hold', amount: book.balance().available, idempotencyKey, disputeId }], cause)
  }
  if (payments.length === 0) return
  const payload = { disputeId: publicId(hold.disputeId), requestId: publicId(hold.requestId) }
  await repositories.effects.emit({ type: 'hold.placed', key: payload.disputeId, payload, at: cause.at })
}

/** Gives back what a dispute held of each payment. Answers the request's payments as they were. */
export async function liftHold(
  repositories: PaymentRepositories,
  hold: HoldOf,
  cause: Cause,
): Promise<Payment[]> {
  const payments = await paymentsOf(repositories, hold.requestId)
  for (const payment of payments) {
    await repositories.payments.update(payment.id, { disputed: false }, cause.at)
    const book = await readableBook(repositories, payment)
    const amount = book === null ? null : heldBy(book, hold, payment)
    if (book === null || amount === null) continue
    const idempotencyKey = keyOf('unhold', hold, payment)
    await book.post([{ kind: 'unhold', amount, idempotencyKey, disputeId: hold.disputeId }], cause)
  }
  return payments
}

/** The request's money that came in, each payment held by the transaction, in one order for everybody. */
export async function paymentsOf({ payments }: PaymentRepositories, requestId: EntityId): Promise<Payment[]> {
  const filter = { purchaseRequest: entityReference(requestId), direction: 'in', status: 'confirmed' }
  const found = await payments.list(filter, { limit: 100, offset: 0 })
  const held: Payment[] = []
  for (const id of found.map((payment) => payment.id).sort()) {
    const payment = await payments.findForUpdate(id)
    if (payment !== null) held.push(payment)
  }
  return held
}

/** What a dispute still holds of a payment; null where it is nothing. */
export function heldBy(book: LedgerBook, hold: HoldOf, payment: Payment): Amount | null {
  const entryOf = (kind: 'hold' | 'unhold') =>
    book.entries.find((entry) => entry.idempotencyKey === keyOf(kind, hold, payment))
  const amount = entryOf('unhold') === undefined ? (entryOf('hold')?.amount ?? null) : null
  return amount !== null && isPositive(amount) ? amount : null
}

/** Null for payments that the ledger does not tell: nothing is ever released of them, so nothing needs a hold. */
export async function readableBook(
  { ledger }: PaymentRepositories,
  payment: Payment,
): Promise<LedgerBook | null> {
  try {
    const book = await openBook(ledger, payment)
    book.balance()
    return book
  } catch (error) {
    if (error instanceof DomainError && error.code === 'LEDGER_INCOMPLETE') return null
    throw error
  }
}

function keyOf(kind: 'hold' | 'unhold', { disputeId }: HoldOf, payment: Payment): string {
  return `${kind}:${publicId(disputeId)}:${publicId(payment.id)}`
}
