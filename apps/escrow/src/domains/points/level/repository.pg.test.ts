import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOf } from '../../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../../testing/escrow-database.ts'
import { exampleLevel, insertLevels, levelRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

async function freshStore() {
  await database.pool.query('delete from level_configs')
  return { store: database.units.level, count: statementsOf(database.pool) }
}

describe('levels in Postgres', () => {
  levelRepositoryContract(freshStore)

  test('the database refuses active levels that overlap, also of two transactions at once', async () => {
    const { store } = await freshStore()
    await insertLevels(
      store,
      exampleLevel(1),
      exampleLevel(2),
      exampleLevel(9, { minPoints: 5000, maxPoints: 100 }),
    )
    for (const [minPoints, maxPoints] of [
      [1000, 1001],
      [0, 1001],
      [2999, null],
      [0, null],
    ]) {
      const overlapping = exampleLevel(3, { minPoints, maxPoints })
      await expect(insertLevels(store, overlapping)).rejects.toMatchObject({ code: 'LEVEL_RANGE_OVERLAPS' })
      await insertLevels(store, { ...overlapping, isActive: false })
      await store.transaction(({ levels }) => levels.remove(overlapping.id))
    }
    const racing = [3, 4].map((level) =>
      insertLevels(store, exampleLevel(level, { minPoints: 3000, maxPoints: null })),
    )
    const results = await Promise.allSettled(racing)
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('a level of the past that lost its beginning to another shows it, and is mended by a change', async () => {
    const { store } = await freshStore()
    const [first, second] = [exampleLevel(1), exampleLevel(2)]
    await insertLevels(store, first, second)
    const kept = { minPoints: { reason: 'unique', value: { $numberInt: '1500' } } }
    await database.pool.query('update level_configs set min_points = null, extra = $1 where id = $2', [
      kept,
      second.id,
    ])
    const found = await store.read.levels.find(second.id)
    expect(found).toEqual({ ...second, minPoints: 1500 })
    const update = (changes: Partial<typeof second>) =>
      store.transaction(({ levels }) => levels.update({ ...second, ...found, ...changes }))
    await expect(update({ name: 'other' })).rejects.toMatchObject({ code: 'LEVEL_RANGE_OVERLAPS' })
    await update({ minPoints: 2000 })
    expect((await store.read.levels.find(second.id))?.minPoints).toBe(2000)
  })
})
