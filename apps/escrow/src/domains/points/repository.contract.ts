import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import { entityReference } from '../../platform/reference.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { UserRepositories } from '../../units.ts'
import type { PointTransaction } from './model.ts'

type Store = UnitStore<UserRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const minutesLater = (minutes: number) => new Date(at.getTime() + minutes * 60_000)

function entry(userId: EntityId, changes: Partial<PointTransaction> = {}): PointTransaction {
  return {
    id: newId(),
    userId,
    type: 'earn',
    source: 'bonus',
    amount: 12,
    balance: 12,
    order: null,
    referredUser: null,
    description: 'هدیه',
    metadata: { levelBefore: 1, note: null },
    expiresAt: null,
    origin: 'app',
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

async function insert(store: Store, ...all: PointTransaction[]): Promise<void> {
  await store.transaction(async ({ pointTransactions }) => {
    for (const one of all) await pointTransactions.insert(one)
  })
}

/** What every implementation must do; `makeUser` stores somebody whom entries may belong to. */
export function pointTransactionRepositoryContract(
  freshStore: () => Promise<Store>,
  makeUser: (store: Store) => Promise<EntityId>,
): void {
  test('an entry comes back as stored, with its order of every kind', async () => {
    const store = await freshStore()
    const userId = await makeUser(store)
    const entries = [
      entry(userId, {
        order: entityReference(newId()),
        source: 'purchase',
        expiresAt: minutesLater(9),
        createdAt: minutesLater(3),
      }),
      entry(userId, {
        order: { kind: 'template', external: 'template-checkout-7' },
        createdAt: minutesLater(2),
      }),
      entry(userId, { order: { kind: 'external', external: 'webhook:x' }, createdAt: minutesLater(1) }),
      entry(userId, {
        metadata: null,
        description: null,
        balance: null,
        type: null,
        source: null,
        origin: null,
      }),
    ]
    await insert(store, ...entries)
    expect(await store.read.pointTransactions.listOf(userId, { page: 1, limit: 10 })).toEqual({
      items: entries,
      total: entries.length,
    })
  })

  test('the list is newest first, of one user, filtered and paged', async () => {
    const store = await freshStore()
    const userId = await makeUser(store)
    const entries = [0, 1, 2, 3].map((minutes) =>
      entry(userId, { type: minutes === 1 ? 'spend' : 'earn', createdAt: minutesLater(minutes) }),
    )
    await insert(store, ...entries, entry(await makeUser(store)))
    const list = (filter: object) =>
      store.read.pointTransactions.listOf(userId, { page: 1, limit: 10, ...filter })
    const idsOf = (indexes: number[]) => indexes.map((index) => entries[index]?.id)

    expect((await list({})).items.map(({ id }) => id)).toEqual(idsOf([3, 2, 1, 0]))
    expect((await list({ type: 'earn' })).items.map(({ id }) => id)).toEqual(idsOf([3, 2, 0]))
    expect((await list({ from: minutesLater(1), to: minutesLater(2) })).items.map(({ id }) => id)).toEqual(
      idsOf([2, 1]),
    )
    expect(await list({ page: 2, limit: 3 })).toMatchObject({ items: [{ id: entries[0]?.id }], total: 4 })
    expect(await list({ page: 3, limit: 3 })).toEqual({ items: [], total: 4 })
  })

  test('an order earns once for a source', async () => {
    const store = await freshStore()
    const userId = await makeUser(store)
    const orderId = newId()
    const order = entityReference(orderId)
    await insert(store, entry(userId, { source: 'purchase', order }))
    expect(await store.read.pointTransactions.hasEarned('purchase', orderId)).toBe(true)
    expect(await store.read.pointTransactions.hasEarned('referral', orderId)).toBe(false)
    expect(await store.read.pointTransactions.hasEarned('purchase', newId())).toBe(false)

    const again = insert(store, entry(userId, { source: 'purchase', order }))
    await expect(again).rejects.toMatchObject({ code: 'POINTS_ALREADY_EARNED' })
    // The rule binds what was born here: old data holds double awards.
    await insert(store, entry(userId, { source: 'purchase', order, origin: null }))
    await insert(store, entry(userId, { source: 'purchase', order, type: 'spend' }))
  })
}
