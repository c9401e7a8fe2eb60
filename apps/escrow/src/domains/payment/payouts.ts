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
import type { Payment, PaymentPatch } from './model.ts'
import { type EscrowMover, mayMoveEscrow } from './states.ts'
import { type EscrowState, escrowStates } from './vocabulary.ts'

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
            { kind: 'platform_fee', amount: fee, idempotencyKey: keyOf('platform_fee', id, number) },
            {
              kind: 'release_init',
              amount: net,
              idempotencyKey: keyOf('release_init', id, number),
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
        return startRefund(repositories, payment, input.amount, causeOf(actor, requestId, input.reason))
      }),

    confirmRelease: (...parameters) => confirm('release', ...parameters),
    confirmRefund: (...parameters) => confirm('refund', ...parameters),
  }
}

/** Puts money aside for the buyer. The transaction holds the payment. */
export async function startRefund(
  { payments, ledger }: PaymentRepositories,
  payment: Payment,
  amount: Amount | undefined,
  cause: Cause,
): Promise<PayoutInstruction> {
  assertMove(payment, 'refunding', cause.userId === null ? 'system' : 'admin')
  const book = await openBook(ledger, payment)
  const refunded = wanted(book, amount)
  const number = book.count('refund_init') + 1
  const idempotencyKey = keyOf('refund_init', payment.id, number)
  const escrowStateBefore = payment.escrowState ?? undefined
  await book.post([{ kind: 'refund_init', amount: refunded, idempotencyKey, escrowStateBefore }], cause)
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

async function confirmPayout(
  repositories: PaymentRepositories,
  payment: Payment,
  direction: 'release' | 'refund',
  transactionHash: string,
  cause: Cause,
): Promise<Payment> {
  const { payments, ledger, effects } = repositories
  const book = await openBook(ledger, payment)
  const kind = `${direction}_confirm` as const
  const isRepeat = book.entries.some((entry) => entry.kind === kind && entry.txHash === transactionHash)
  if (isRepeat) return payment
  const inFlight = inFlightOf(payment, book, direction)
  const idempotencyKey = keyOf(kind, payment.id, book.count(kind) + 1)
  await book.post([{ kind, amount: inFlight, idempotencyKey, txHash: transactionHash }], cause)
  const patch = settled(payment, book, direction)
  await payments.update(payment.id, patch, cause.at)
  if (patch.status === 'completed' && payment.purchaseRequest?.kind === 'entity') {
    const paymentId = publicId(payment.id)
    const payload = { paymentId, requestId: publicId(payment.purchaseRequest.id) }
    await effects.emit({ type: 'payout.confirmed', key: paymentId, payload, at: cause.at })
  }
  return (await payments.find(payment.id)) ?? payment
}

/** The money is available again, and the fee is given back with it. */
async function failPayout(
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
  const fee = direction === 'refund' ? undefined : entryOf(book, keyOf('platform_fee', payment.id, number))
  await book.post(
    [
      { kind, amount: inFlight, idempotencyKey: keyOf(kind, payment.id, number) },
      ...(fee === undefined || fee.amount === null || reversed.has(fee.id)
        ? []
        : [
            {
              kind: 'reversal' as const,
              amount: fee.amount,
              direction: 'credit' as const,
              reversesEntryId: fee.id,
              idempotencyKey: keyOf('reversal', payment.id, number),
            },
          ]),
    ],
    cause,
  )
  const init = entryOf(book, keyOf(`${direction}_init`, payment.id, number))
  const escrowState = escrowStates.find((state) => state === init?.escrowStateBefore) ?? 'partial'
  await payments.update(payment.id, { escrowState }, cause.at)
  return (await payments.find(payment.id)) ?? payment
}

function entryOf(book: LedgerBook, idempotencyKey: string) {
  return book.entries.find((entry) => entry.idempotencyKey === idempotencyKey)
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

function keyOf(kind: string, id: EntityId, number: number): string {
  return `${kind}:${publicId(id)}:${number}`
}
