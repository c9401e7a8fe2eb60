import type { Actor } from '../../platform/auth-guard.ts'
import type { Clock } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'
import {
  type Amount,
  compareAmounts,
  multiplyByRate,
  subtractAmounts,
  zeroAmount,
} from '../../platform/money.ts'
import type { PaymentRepositories, Units } from '../../units.ts'
import { escrowMoveRefused, insufficientAvailable } from './errors.ts'
import type { PayoutInput, PayoutOutcome } from './input.ts'
import { type Cause, type LedgerBook, openBook } from './ledger-book.ts'
import type { Payment } from './model.ts'
import { entryOf, payoutKey } from './payout-entries.ts'
import { confirmPayout, failPayout } from './payout-outcome.ts'
import { type EscrowMover, mayMoveEscrow } from './states.ts'
import type { EscrowState } from './vocabulary.ts'

/** What the signer has to send, and to whom. It is executed outside and confirmed by its transaction. */
export interface PayoutInstruction {
  payment: Payment
  direction: 'release' | 'refund'
  recipient: EntityId | null
  amount: Amount
  fee: Amount
  currency: string
}

export interface Payouts {
  /** Money for the seller, less the platform's fee. Raises NOT_FOUND, ESCROW_MOVE_REFUSED, INSUFFICIENT_AVAILABLE, LEDGER_INCOMPLETE. */
  release(actor: Actor, id: EntityId, input: PayoutInput, requestId: string): Promise<PayoutInstruction>
  /** Raises NOT_FOUND, ESCROW_MOVE_REFUSED. The same transaction again changes nothing. */
  confirmRelease(actor: Actor, id: EntityId, outcome: PayoutOutcome, requestId: string): Promise<Payment>
  /** Money back to the buyer. Raises as `release` does. */
  refund(actor: Actor, id: EntityId, input: PayoutInput, requestId: string): Promise<PayoutInstruction>
  /** Raises NOT_FOUND, ESCROW_MOVE_REFUSED. The same transaction again changes nothing. */
  confirmRefund(actor: Actor, id: EntityId, outcome: PayoutOutcome, requestId: string): Promise<Payment>
}

export function createPayouts(options: {
  units: Pick<Units, 'payment'>
  clock: Clock
  platformFeeBps: number
}): Payouts {
  const { units, clock, platformFeeBps } = options

  const held = async ({ payments }: PaymentRepositories, id: EntityId): Promise<Payment> => {
    const payment = await payments.findForUpdate(id)
    if (payment === null) throw notFound('payment', publicId(id))
    return payment
  }
  const causeOf = (actor: Actor, requestId: string, reason?: string): Cause => ({
    userId: actor.id,
    agent: 'system',
    reason: reason ?? null,
    requestId,
    at: clock.now(),
  })

  const confirm = (
    direction: 'release' | 'refund',
    actor: Actor,
    id: EntityId,
    outcome: PayoutOutcome,
    requestId: string,
  ) =>
    units.payment.transaction(async (repositories) => {
      const payment = await held(repositories, id)
      const cause = causeOf(actor, requestId, 'failed' in outcome ? outcome.reason : undefined)
      return 'failed' in outcome
        ? failPayout(repositories, payment, direction, cause)
        : confirmPayout(repositories, payment, direction, outcome.transactionHash, cause)
    })

  return {
    release: (actor, id, { amount, reason }, requestId) =>
      units.payment.transaction(async (repositories) => {
        const payment = await held(repositories, id)
        assertMove(payment, 'releasing', 'admin')
        const book = await openBook(repositories.ledger, payment)
        const gross = wanted(book, amount)
        const fee = multiplyByRate(gross, platformFeeBps, payment.chain.tokenDecimals ?? undefined)
        const net = subtractAmounts(gross, fee)
        const number = book.count('release_init') + 1
        const cause = causeOf(actor, requestId, reason)
        await book.post(
          [
            { kind: 'platform_fee', amount: fee, idempotencyKey: payoutKey('platform_fee', id, number) },
            {
              kind: 'release_init',
              amount: net,
              idempotencyKey: payoutKey('release_init', id, number),
              escrowStateBefore: payment.escrowState ?? undefined,
            },
          ],
          cause,
        )
        await repositories.payments.update(id, { escrowState: 'releasing' }, cause.at)
        const recipient = payment.seller?.kind === 'entity' ? payment.seller.id : null
        return {
          payment: { ...payment, escrowState: 'releasing' },
          direction: 'release',
          recipient,
          amount: net,
          fee,
          currency: book.currency,
        }
      }),

    refund: (actor, id, input, requestId) =>
      units.payment.transaction(async (repositories) => {
        const payment = await held(repositories, id)
        const wish = { amount: input.amount, as: 'admin' } as const
        return startRefund(repositories, payment, wish, causeOf(actor, requestId, input.reason))
      }),

    confirmRelease: (...parameters) => confirm('release', ...parameters),
    confirmRefund: (...parameters) => confirm('refund', ...parameters),
  }
}

export interface RefundWish {
  /** Everything that is available where it is missing. */
  amount?: Amount
  as: EscrowMover
  /** The dispute whose resolution it is. */
  disputeId?: EntityId
}

/** Puts money aside for the buyer. The transaction holds the payment. */
export async function startRefund(
  { payments, ledger }: PaymentRepositories,
  payment: Payment,
  { amount, as, disputeId }: RefundWish,
  cause: Cause,
): Promise<PayoutInstruction> {
  assertMove(payment, 'refunding', as)
  const book = await openBook(ledger, payment)
  const refunded = wanted(book, amount)
  const number = book.count('refund_init') + 1
  const movement = {
    kind: 'refund_init' as const,
    amount: refunded,
    idempotencyKey: payoutKey('refund_init', payment.id, number),
    escrowStateBefore: payment.escrowState ?? undefined,
    disputeId: disputeId ?? failedResolution(book, payment) ?? undefined,
  }
  await book.post([movement], cause)
  await payments.update(payment.id, { escrowState: 'refunding' }, cause.at)
  return {
    payment: { ...payment, escrowState: 'refunding' },
    direction: 'refund',
    recipient: payment.buyerId,
    amount: refunded,
    fee: zeroAmount,
    currency: book.currency,
  }
}

/** Whoever tries a resolution's refund again after it failed carries out that resolution. */
function failedResolution(book: LedgerBook, { id }: Payment): EntityId | null {
  const last = book.count('refund_init')
  if (entryOf(book, payoutKey('refund_fail', id, last)) === undefined) return null
  return entryOf(book, payoutKey('refund_init', id, last))?.disputeId ?? null
}

function wanted(book: LedgerBook, amount: Amount | undefined): Amount {
  const { available } = book.balance()
  const asked = amount ?? available
  const isCovered = compareAmounts(asked, zeroAmount) > 0 && compareAmounts(asked, available) <= 0
  if (!isCovered) throw insufficientAvailable(available, book.currency)
  return asked
}

function assertMove(payment: Payment, to: EscrowState, by: EscrowMover): void {
  if (!mayMoveEscrow(payment.escrowState, to, by))
    throw escrowMoveRefused(payment.id, payment.escrowState, to)
}
