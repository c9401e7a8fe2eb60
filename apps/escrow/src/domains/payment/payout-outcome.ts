import type { EntityId } from '../../platform/ids.ts'
import { type Amount, compareAmounts, zeroAmount } from '../../platform/money.ts'
import type { PaymentRepositories } from '../../units.ts'
import { escrowMoveRefused } from './errors.ts'
import { paymentsOf, readableBook } from './holds.ts'
import { type Cause, type LedgerBook, openBook } from './ledger-book.ts'
import type { Payment, PaymentPatch } from './model.ts'
import { entryOf, payoutKey } from './payout-entries.ts'
import { emitPayoutConfirmed, emitRefundConfirmed, type RefundDecision } from './sent-effects.ts'
import { escrowStates } from './vocabulary.ts'

/**
 * What was on its way has arrived: the ledger says so, and the request is told. The transaction holds the payment; the
 * same transaction hash again changes nothing. Raises ESCROW_MOVE_REFUSED.
 */
export async function confirmPayout(
  repositories: PaymentRepositories,
  payment: Payment,
  direction: 'release' | 'refund',
  transactionHash: string,
  cause: Cause,
): Promise<Payment> {
  const { payments, ledger } = repositories
  const book = await openBook(ledger, payment)
  const kind = `${direction}_confirm` as const
  const isRepeat = book.entries.some((entry) => entry.kind === kind && entry.txHash === transactionHash)
  if (isRepeat) return payment
  const inFlight = inFlightOf(payment, book, direction)
  const idempotencyKey = payoutKey(kind, payment.id, book.count(kind) + 1)
  await book.post([{ kind, amount: inFlight, idempotencyKey, txHash: transactionHash }], cause)
  const patch = settled(payment, book, direction)
  await payments.update(payment.id, patch, cause.at)
  if (payment.purchaseRequest?.kind === 'entity') {
    const requestId = payment.purchaseRequest.id
    if (patch.status === 'completed') await emitPayoutConfirmed(repositories, payment, requestId, cause.at)
    const decision = patch.status === 'refunded' ? decisionOf(book) : null
    if (decision !== null && !(await holdsMoney(repositories, requestId)))
      await emitRefundConfirmed(repositories, payment, requestId, decision, cause.at)
  }
  return (await payments.find(payment.id)) ?? payment
}

/**
 * Whether other payments of the request still are here: only the return of the last one ends the deal. Money that was
 * never taken and is on its way back does not count.
 */
async function holdsMoney(repositories: PaymentRepositories, requestId: EntityId): Promise<boolean> {
  for (const payment of await paymentsOf(repositories, requestId)) {
    if (payment.escrowState !== 'refunding') return true
    const book = await readableBook(repositories, payment)
    if (book === null || decisionOf(book) !== null) return true
  }
  return false
}

/** Who decided the latest refund; null for money that was never taken (`payin.refused`): nothing hangs on it. */
function decisionOf(book: LedgerBook): RefundDecision | null {
  const init = book.entries.findLast(({ kind }) => kind === 'refund_init')
  const by = init?.createdBy?.kind === 'entity' ? init.createdBy.id : null
  const reason = init?.reason ?? null
  if (init?.disputeId != null) return { as: 'resolution', by, reason }
  return by === null ? null : { as: 'admin', by, reason }
}

/** The money is available again, and the fee is given back with it. Raises ESCROW_MOVE_REFUSED. */
export async function failPayout(
  { payments, ledger }: PaymentRepositories,
  payment: Payment,
  direction: 'release' | 'refund',
  cause: Cause,
): Promise<Payment> {
  const book = await openBook(ledger, payment)
  const inFlight = inFlightOf(payment, book, direction)
  const kind = `${direction}_fail` as const
  // Each init has its own number, so its end has the same.
  const number = book.count(`${direction}_init`)
  const reversed = new Set(book.entries.map((entry) => entry.reversesEntryId))
  const fee =
    direction === 'refund' ? undefined : entryOf(book, payoutKey('platform_fee', payment.id, number))
  await book.post(
    [
      { kind, amount: inFlight, idempotencyKey: payoutKey(kind, payment.id, number) },
      ...(fee === undefined || fee.amount === null || reversed.has(fee.id)
        ? []
        : [
            {
              kind: 'reversal' as const,
              amount: fee.amount,
              direction: 'credit' as const,
              reversesEntryId: fee.id,
              idempotencyKey: payoutKey('reversal', payment.id, number),
            },
          ]),
    ],
    cause,
  )
  const init = entryOf(book, payoutKey(`${direction}_init`, payment.id, number))
  const escrowState = escrowStates.find((state) => state === init?.escrowStateBefore) ?? 'partial'
  await payments.update(payment.id, { escrowState }, cause.at)
  return (await payments.find(payment.id)) ?? payment
}

/** What is on its way; nothing else can be confirmed or fail. */
function inFlightOf(payment: Payment, book: LedgerBook, direction: 'release' | 'refund'): Amount {
  const state = direction === 'release' ? 'releasing' : 'refunding'
  const { releasing, refunding } = book.balance()
  const inFlight = direction === 'release' ? releasing : refunding
  if (payment.escrowState !== state || compareAmounts(inFlight, zeroAmount) <= 0) {
    throw escrowMoveRefused(
      payment.id,
      payment.escrowState,
      direction === 'release' ? 'released' : 'refunded',
    )
  }
  return inFlight
}

/** The state after a confirmed payout, by what the ledger has left. Any release makes the payment a completed one. */
function settled(payment: Payment, book: LedgerBook, direction: 'release' | 'refund'): PaymentPatch {
  const { available, held, released } = book.balance()
  const isOver = compareAmounts(available, zeroAmount) === 0 && compareAmounts(held, zeroAmount) === 0
  if (!isOver) return { escrowState: 'partial' }
  const escrowState = direction === 'release' ? 'released' : 'refunded'
  if (payment.status !== 'confirmed') return { escrowState }
  return { escrowState, status: compareAmounts(released, zeroAmount) > 0 ? 'completed' : 'refunded' }
}
