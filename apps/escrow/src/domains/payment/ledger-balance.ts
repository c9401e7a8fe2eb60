import { type Amount, addAmounts, compareAmounts, subtractAmounts, zeroAmount } from '../../platform/money.ts'
import type { LedgerEntry } from './ledger.model.ts'
import { type LedgerKind, ledgerKinds } from './vocabulary.ts'

/** Where the money of a payment is, by what the ledger says. */
export interface LedgerBalance {
  /** May be released or refunded now: open holds and movements are taken off already. */
  available: Amount
  held: Amount
  /** On its way to the seller, and to the buyer. */
  releasing: Amount
  refunding: Amount
  released: Amount
  refunded: Amount
  fees: Amount
}

type Bucket = keyof LedgerBalance
type Movement = { from?: Bucket; to?: Bucket }

const nowhere: Movement = {}

/** What an entry of each kind moves. Gas, sweeps and provider fees move custody, not the payment's money. */
const movements: Record<Exclude<LedgerKind, 'adjustment' | 'reversal'>, Movement> = {
  payin: { to: 'available' },
  hold: { from: 'available', to: 'held' },
  unhold: { from: 'held', to: 'available' },
  platform_fee: { from: 'available', to: 'fees' },
  aml_fee: { from: 'available', to: 'fees' },
  release_init: { from: 'available', to: 'releasing' },
  release_confirm: { from: 'releasing', to: 'released' },
  release_fail: { from: 'releasing', to: 'available' },
  refund_init: { from: 'available', to: 'refunding' },
  refund_confirm: { from: 'refunding', to: 'refunded' },
  refund_fail: { from: 'refunding', to: 'available' },
  sweep: nowhere,
  provider_fee: nowhere,
  gas: nowhere,
}

const empty: LedgerBalance = {
  available: zeroAmount,
  held: zeroAmount,
  releasing: zeroAmount,
  refunding: zeroAmount,
  released: zeroAmount,
  refunded: zeroAmount,
  fees: zeroAmount,
}

/** The part of an entry that the balance depends on. */
export type Posting = Pick<
  LedgerEntry,
  'id' | 'kind' | 'amount' | 'currency' | 'direction' | 'reversesEntryId'
>

/**
 * The balance of one payment in one currency, or null where an entry cannot be understood (an old kind, an amount that
 * is no number, a reversal of nothing): such a ledger must not decide about money.
 */
export function ledgerBalance(entries: readonly Posting[], currency: string): LedgerBalance | null {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  let balance = empty
  for (const entry of entries) {
    if (entry.currency !== null && entry.currency !== currency) continue
    const movement = movementOf(entry, byId)
    if (movement === null || entry.amount === null || entry.currency === null) return null
    balance = moved(balance, movement, entry.amount)
  }
  return balance
}

/** The first bucket that fell below zero, or null. */
export function overdrawn(balance: LedgerBalance): Bucket | null {
  const buckets = Object.keys(balance) as Bucket[]
  return buckets.find((bucket) => compareAmounts(balance[bucket], zeroAmount) < 0) ?? null
}

function movementOf(entry: Posting, byId: Map<string, Posting>): Movement | null {
  const kind = ledgerKinds.find((known) => known === entry.kind)
  if (kind === undefined) return null
  if (kind === 'adjustment') {
    if (entry.direction === 'credit') return { to: 'available' }
    return entry.direction === 'debit' ? { from: 'available' } : null
  }
  if (kind !== 'reversal') return movements[kind]
  const reversed = entry.reversesEntryId === null ? undefined : byId.get(entry.reversesEntryId)
  if (reversed === undefined || reversed.kind === 'reversal') return null
  const original = movementOf(reversed, byId)
  return original === null ? null : { from: original.to, to: original.from }
}

function moved(balance: LedgerBalance, { from, to }: Movement, amount: Amount): LedgerBalance {
  const next = { ...balance }
  if (from !== undefined) next[from] = subtractAmounts(next[from], amount)
  if (to !== undefined) next[to] = addAmounts(next[to], amount)
  return next
}
