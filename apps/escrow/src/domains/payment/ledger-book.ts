import { type EntityId, newId } from '../../platform/ids.ts'
import { type Amount, isPositive } from '../../platform/money.ts'
import { entityReference, referenceOf } from '../../platform/reference.ts'
import { insufficientAvailable, ledgerIncomplete } from './errors.ts'
import type { LedgerEntry, NewLedgerEntry } from './ledger.model.ts'
import type { LedgerRepository } from './ledger.repository.ts'
import { type LedgerBalance, ledgerBalance, overdrawn } from './ledger-balance.ts'
import type { Payment } from './model.ts'
import type { LedgerDirection, LedgerKind } from './vocabulary.ts'

/** Who causes a movement, as the ledger remembers it. */
export interface Cause {
  /** A person, or null for the system and webhooks. */
  userId: EntityId | null
  /** What acts where no person does: `system`, `webhook:amn.scanner`. */
  agent: string
  reason: string | null
  /** The call. */
  requestId: string | null
  at: Date
}

export interface Movement {
  kind: LedgerKind
  amount: Amount
  idempotencyKey: string
  direction?: LedgerDirection
  reversesEntryId?: EntityId
  txHash?: string
  escrowStateBefore?: string
  /** The dispute whose hold it is, or whose resolution. */
  disputeId?: EntityId
}

/** The ledger of one payment whose row the transaction holds. */
export interface LedgerBook {
  readonly currency: string
  readonly entries: readonly LedgerEntry[]
  /** Raises LEDGER_INCOMPLETE where an entry cannot be understood. */
  balance(): LedgerBalance
  /** How many entries of a kind there are: numbers the next one. */
  count(kind: LedgerKind): number
  /** Raises INSUFFICIENT_AVAILABLE where a bucket would fall below zero, LEDGER_ENTRY_EXISTS for a used key. */
  post(movements: Movement[], cause: Cause): Promise<void>
}

/** Opens the book of a payment. Raises LEDGER_INCOMPLETE where the ledger does not tell the whole of it. */
export async function openBook(ledger: LedgerRepository, payment: Payment): Promise<LedgerBook> {
  const { currency } = payment
  if (payment.ledgerComplete !== true || currency === null) throw ledgerIncomplete(payment.id)
  const entries = await ledger.entriesOf(payment.id)

  const balance = () => {
    const known = ledgerBalance(entries, currency)
    if (known === null) throw ledgerIncomplete(payment.id)
    return known
  }

  return {
    currency,
    entries,
    balance,
    count: (kind) => entries.filter((entry) => entry.kind === kind).length,

    async post(movements, cause) {
      const before = balance()
      for (const movement of movements) {
        // A fee may round down to nothing; the ledger has no entries of nothing.
        if (!isPositive(movement.amount)) continue
        const entry = entryOf(payment, currency, movement, cause)
        await ledger.append(entry)
        entries.push({
          ...entry,
          payment: entityReference(payment.id),
          note: null,
          createdAt: entry.at,
        })
      }
      if (overdrawn(balance()) !== null) throw insufficientAvailable(before.available, currency)
    },
  }
}

function entryOf(payment: Payment, currency: string, movement: Movement, cause: Cause): NewLedgerEntry {
  const { kind, amount, idempotencyKey, direction, reversesEntryId, txHash, escrowStateBefore, disputeId } =
    movement
  const { userId, agent, reason, requestId, at } = cause
  return {
    id: newId(at),
    purchaseRequest: payment.purchaseRequest,
    paymentId: payment.id,
    kind,
    amount,
    currency,
    direction: direction ?? null,
    chainId: payment.chain.chainId,
    txHash: txHash ?? null,
    idempotencyKey,
    reversesEntryId: reversesEntryId ?? null,
    disputeId: disputeId ?? null,
    requestId,
    actor: userId === null ? agent : `user:${userId}`,
    reason,
    escrowStateBefore: escrowStateBefore ?? null,
    createdBy: userId === null ? referenceOf(agent) : entityReference(userId),
    at,
  }
}
