import type { Clock } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { publicId } from '../../platform/ids.ts'
import { type Amount, addAmounts, compareAmounts, zeroAmount } from '../../platform/money.ts'
import type { PaymentRepositories, Units } from '../../units.ts'
import type { SettingsReadModel } from '../admin/index.ts'
import { amountOfBaseUnits } from './base-units.ts'
import { transactionAlreadyCredited, webhookRefused } from './errors.ts'
import type { ScannerWebhook } from './input.ts'
import type { LedgerEntry } from './ledger.model.ts'
import { type LedgerBook, openBook } from './ledger-book.ts'
import type { Payment, PaymentPatch } from './model.ts'
import { mayMoveEscrow, mayMoveStatus } from './states.ts'
import { isServedChain, meansToken, tokens } from './tokens.ts'
import type { EscrowState, Matching } from './vocabulary.ts'
import { isSignedBy, webhookSecret } from './webhook-signature.ts'

/** What became of a scanner's message. */
export interface PayinAnswer {
  payment: Payment
  /** Whether this very transfer had been credited before. */
  duplicate: boolean
  /** Whether money was credited by this call. */
  credited: boolean
}

export interface Payins {
  /** Raises WEBHOOK_SIGNATURE_INVALID, for intents that do not exist as well: a stranger learns nothing. */
  verifyWebhook(event: ScannerWebhook, rawBody: Uint8Array, signature: string): void
  /** Credits a transfer once. Raises NOT_FOUND, TRANSACTION_ALREADY_CREDITED, LEDGER_ENTRY_EXISTS. */
  receiveTransfer(event: ScannerWebhook, requestId: string): Promise<PayinAnswer>
}

export function createPayins(options: {
  units: Pick<Units, 'payment'>
  clock: Clock
  webhookSecretKey: string
  settings: Pick<SettingsReadModel, 'confirmationThreshold'>
}): Payins {
  const { units, clock, webhookSecretKey, settings } = options
  return {
    verifyWebhook(event, rawBody, signature) {
      const secret = webhookSecret(webhookSecretKey, event.intentId)
      if (!isSignedBy(secret, rawBody, signature)) throw webhookRefused()
    },

    async receiveTransfer(event, requestId) {
      const needed = isServedChain(event.chainId) ? await settings.confirmationThreshold(event.chainId) : null
      return units.payment.transaction(async (repositories) => {
        const { payments, ledger } = repositories
        const payment = await payments.findForUpdate(event.intentId)
        if (payment === null) throw notFound('payment', publicId(event.intentId))
        const at = clock.now()
        const transfer = transferOf(event)
        const entered = await ledger.findByKey(transfer.key)
        if (entered !== null) {
          if (!isOf(entered, payment)) throw transactionAlreadyCredited()
          return { payment, duplicate: true, credited: false }
        }
        if (!isOfIntent(payment, event)) {
          return answered(repositories, payment, { matching: 'unmatched' }, at)
        }
        if (needed === null || event.confirmations < needed) {
          const seen: PaymentPatch = mayMoveStatus(payment.status, 'processing', 'system')
            ? { status: 'processing', confirmations: event.confirmations }
            : { confirmations: event.confirmations }
          return answered(repositories, payment, seen, at)
        }
        return credit(repositories, payment, transfer, requestId, at)
      })
    },
  }
}

interface Transfer {
  key: string
  hash: string
  event: ScannerWebhook
}

/** Chain, transaction and log index name a transfer, whoever reports it and however often. */
function transferOf(event: ScannerWebhook): Transfer {
  // Hex hashes are written in either case; those of other chains keep theirs.
  const hash = /^0x[0-9a-f]+$/i.test(event.txHash) ? event.txHash.toLowerCase() : event.txHash
  return { key: `payin:${event.chainId}:${hash}:${event.logIndex}`, hash, event }
}

function isOf({ payment }: LedgerEntry, { id }: Payment): boolean {
  return payment?.kind === 'entity' && payment.id === id
}

/** Only the quoted token on the quoted chain pays an intent; its symbol alone proves nothing. */
function isOfIntent({ chain }: Payment, event: ScannerWebhook): boolean {
  const token = tokens.find((one) => one.chainId === chain.chainId && one.address === chain.token)
  return token !== undefined && event.chainId === chain.chainId && meansToken(token, event.token)
}

async function answered(
  { payments }: PaymentRepositories,
  payment: Payment,
  patch: PaymentPatch,
  at: Date,
): Promise<PayinAnswer> {
  await payments.update(payment.id, patch, at)
  return { payment: (await payments.find(payment.id)) ?? payment, duplicate: false, credited: false }
}

async function credit(
  repositories: PaymentRepositories,
  payment: Payment,
  transfer: Transfer,
  requestId: string,
  at: Date,
): Promise<PayinAnswer> {
  const { payments, ledger } = repositories
  const { event, hash } = transfer
  const amount = amountOfBaseUnits(event.amount, payment.chain.tokenDecimals ?? 18)
  const book = await openBook(ledger, payment)
  await book.post([{ kind: 'payin', amount, idempotencyKey: transfer.key, txHash: hash }], {
    userId: null,
    agent: 'webhook:amn.scanner',
    reason: null,
    requestId,
    at,
  })
  const received = addAmounts(payment.receivedAmount ?? zeroAmount, amount)
  const isFirst = payment.chain.transactionHash === null
  await payments.update(
    payment.id,
    {
      receivedAmount: received,
      matching: matchingOf(payment, received),
      confirmations: event.confirmations,
      escrowState: escrowAfter(payment, book),
      ...(mayMoveStatus(payment.status, 'confirmed', 'system')
        ? { status: 'confirmed', confirmedAt: at }
        : {}),
      ...(isFirst
        ? { transactionHash: hash, logIndex: event.logIndex, blockNumber: String(event.blockNumber) }
        : {}),
    },
    at,
  )
  if (compareAmounts(received, payment.amount ?? zeroAmount) >= 0)
    await emitConfirmed(repositories, payment, at)
  const funded = (await payments.find(payment.id)) ?? payment
  return { payment: funded, duplicate: false, credited: true }
}

function matchingOf(payment: Payment, received: Amount): Matching {
  if (isGivenUp(payment)) return 'late'
  const difference = compareAmounts(received, payment.amount ?? zeroAmount)
  return difference === 0 ? 'exact' : difference < 0 ? 'under' : 'over'
}

function isGivenUp({ status, matching }: Payment): boolean {
  return status === 'expired' || status === 'cancelled' || status === 'failed' || matching === 'late'
}

/** More money for a payment that was settled makes it partial: some of it waits for a decision. */
function escrowAfter(payment: Payment, book: LedgerBook): EscrowState | undefined {
  if (mayMoveEscrow(payment.escrowState, 'funded', 'system')) return 'funded'
  const isSettled = payment.escrowState === 'released' || payment.escrowState === 'refunded'
  return isSettled && compareAmounts(book.balance().available, zeroAmount) > 0 ? 'partial' : undefined
}

/** Once per payment: the request unit accepts the offer, or sends the money back. */
async function emitConfirmed({ effects }: PaymentRepositories, payment: Payment, at: Date): Promise<void> {
  const { purchaseRequest, sellerOffer } = payment
  // A template checkout has no request yet.
  if (purchaseRequest?.kind !== 'entity' || sellerOffer?.kind !== 'entity') return
  const paymentId = publicId(payment.id)
  const payload = {
    paymentId,
    requestId: publicId(purchaseRequest.id),
    offerId: publicId(sellerOffer.id),
  }
  await effects.emit({ type: 'payin.confirmed', key: paymentId, payload, at })
}
