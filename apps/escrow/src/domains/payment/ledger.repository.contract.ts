import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import { parseAmount } from '../../platform/money.ts'
import { entityReference, referenceOf } from '../../platform/reference.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { PaymentRepositories } from '../../units.ts'
import type { NewLedgerEntry } from './ledger.model.ts'

type Store = UnitStore<PaymentRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-01T11:00:00.456Z')

export function exampleEntry(paymentId: EntityId, changes: Partial<NewLedgerEntry> = {}): NewLedgerEntry {
  const id = newId(at)
  return {
    id,
    purchaseRequest: entityReference(newId()),
    paymentId,
    kind: 'payin',
    amount: parseAmount('12.000000000000000001'),
    currency: 'USDT',
    direction: null,
    chainId: 56,
    txHash: '0xabc',
    idempotencyKey: `payin:${id}`,
    reversesEntryId: null,
    disputeId: null,
    requestId: 'call-1',
    actor: 'webhook:amn.scanner',
    reason: null,
    createdBy: referenceOf('webhook:amn.scanner'),
    escrowStateBefore: 'releasable',
    at,
    ...changes,
  }
}

/** What every implementation of `LedgerRepository` must do. `freshPayment` makes a payment to write about. */
export function ledgerRepositoryContract(
  freshStore: () => Promise<Store>,
  freshPayment: (store: Store) => Promise<EntityId>,
  count: CountStatements,
): void {
  const append = (store: Store, ...all: NewLedgerEntry[]) =>
    store.transaction(async ({ ledger }) => {
      for (const one of all) await ledger.append(one)
    })

  test('an entry comes back as it was written', async () => {
    const store = await freshStore()
    const paymentId = await freshPayment(store)
    const entry = exampleEntry(paymentId)
    await append(store, entry)
    const { at: born, paymentId: _, requestId: __, ...fields } = entry
    const expected = { ...fields, payment: entityReference(paymentId), note: null, createdAt: born }
    expect(await store.read.ledger.findByKey(entry.idempotencyKey)).toEqual(expected)
    expect(await store.read.ledger.entriesOf(paymentId)).toEqual([expected])
    expect(await store.read.ledger.findByKey('nothing')).toBeNull()
  })

  test('entries of one payment come in the order of their time', async () => {
    const store = await freshStore()
    const [paymentId, other] = [await freshPayment(store), await freshPayment(store)]
    const first = exampleEntry(paymentId)
    const second = exampleEntry(paymentId, { at: later })
    await append(store, second, first, exampleEntry(other))
    const found = await store.read.ledger.entriesOf(paymentId)
    expect(found.map(({ id }) => id)).toEqual([first.id, second.id])
  })

  test('one cause is entered once, and nothing of a refused transaction stays', async () => {
    const store = await freshStore()
    const paymentId = await freshPayment(store)
    const entry = exampleEntry(paymentId)
    await append(store, entry)
    const again = append(
      store,
      exampleEntry(paymentId, { kind: 'hold' }),
      exampleEntry(paymentId, { idempotencyKey: entry.idempotencyKey }),
    )
    await expect(again).rejects.toMatchObject({ code: 'LEDGER_ENTRY_EXISTS' })
    expect(await store.read.ledger.entriesOf(paymentId)).toHaveLength(1)
  })

  test('an entry is reversed once', async () => {
    const store = await freshStore()
    const paymentId = await freshPayment(store)
    const entry = exampleEntry(paymentId)
    const reversal = () =>
      exampleEntry(paymentId, { kind: 'reversal', direction: 'debit', reversesEntryId: entry.id, at: later })
    await append(store, entry, reversal())
    await expect(append(store, reversal())).rejects.toMatchObject({ code: 'LEDGER_ENTRY_EXISTS' })
  })

  test('what it asks its store does not grow with the number of entries', async () => {
    const store = await freshStore()
    const paymentId = await freshPayment(store)
    await append(store, exampleEntry(paymentId))
    const entries = () => count(() => store.read.ledger.entriesOf(paymentId))
    expect(await entries()).toBe(1)
    await append(store, ...Array.from({ length: 8 }, () => exampleEntry(paymentId)))
    expect(await entries()).toBe(1)
  })
}
