import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import { entityReference } from '../../platform/reference.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
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
  count: CountStatements,
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

  test('totals are by source and type; what was taken has no sign, whatever is stored', async () => {
    const store = await freshStore()
    const userId = await makeUser(store)
    await insert(
      store,
      entry(userId, { amount: 5 }),
      entry(userId, { amount: -2 }),
      entry(userId, { source: 'redemption', type: 'spend', amount: 7 }),
      entry(userId, { source: 'redemption', type: 'spend', amount: -4 }),
      entry(userId, { source: null, amount: null }),
      entry(await makeUser(store), { amount: 100 }),
    )
    expect(await store.read.pointTransactions.totals(userId)).toEqual([
      { source: 'bonus', type: 'earn', count: 2, points: 3 },
      { source: 'redemption', type: 'spend', count: 2, points: 11 },
      { source: null, type: 'earn', count: 1, points: 0 },
    ])
    expect(await store.read.pointTransactions.totals(newId())).toEqual([])
  })

  test('whoever earned most in a period leads; the id breaks ties, the end is not in it', async () => {
    const store = await freshStore()
    const [one, two] = [await makeUser(store), await makeUser(store)].sort() as [EntityId, EntityId]
    const [most, none] = [await makeUser(store), await makeUser(store)]
    const from = new Date('2041-01-01T00:00:00.000Z')
    const to = new Date('2041-02-01T00:00:00.000Z')
    const within = { createdAt: from, origin: null }
    await insert(
      store,
      entry(two, { ...within, amount: 5 }),
      entry(one, { ...within, amount: 4 }),
      entry(one, { ...within, amount: 1 }),
      entry(most, { ...within, amount: 9 }),
      entry(most, { ...within, amount: 1000, createdAt: to }),
      entry(none, { ...within, amount: 1000, type: 'spend' }),
      entry(none, { ...within, amount: -3 }),
    )
    const leaders = [
      { userId: most, points: 9 },
      { userId: one, points: 5 },
      { userId: two, points: 5 },
    ]
    expect(await store.read.pointTransactions.leaders({ from, to }, 10)).toEqual(leaders)
    expect(await store.read.pointTransactions.leaders({ from, to }, 2)).toEqual(leaders.slice(0, 2))
  })

  test('what it asks its store does not grow with the number of entries', async () => {
    const store = await freshStore()
    const userId = await makeUser(store)
    const { pointTransactions } = store.read
    const counts = async () => [
      await count(() => pointTransactions.listOf(userId, { page: 1, limit: 50 })),
      await count(() => pointTransactions.totals(userId)),
      await count(() => pointTransactions.leaders({ from: at, to: minutesLater(9) }, 50)),
    ]
    await insert(store, entry(userId))
    expect(await counts()).toEqual([2, 1, 1])
    await insert(store, ...Array.from({ length: 8 }, () => entry(userId)))
    expect(await counts()).toEqual([2, 1, 1])
  })
}
