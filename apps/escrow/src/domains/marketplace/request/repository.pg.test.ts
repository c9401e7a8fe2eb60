import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { statementsOf } from '../../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../../testing/references-between-units.ts'
import { exampleRequest, requestRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  count = statementsOf(database.pool)
  await dropReferencesBetweenUnits(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

/** As the engine's appliers write: ordinary triggers do not fire. */
async function asApplier(statement: string, values: unknown[]): Promise<void> {
  const client = await database.pool.connect()
  try {
    await client.query('set session_replication_role = replica')
    await client.query(statement, values)
  } finally {
    client.release(true)
  }
}

describe('requests in Postgres', () => {
  requestRepositoryContract(
    async () => {
      await database.pool.query('truncate purchase_requests cascade')
      return database.units.request
    },
    (work) => count(work),
  )

  test('an old status that the column refuses is shown, filtered and counted from what the row keeps', async () => {
    const store = database.units.request
    const request = exampleRequest()
    await store.transaction(({ requests }) => requests.insert(request))
    const kept = { status: { reason: 'enum', value: 'finalized' } }
    await asApplier('update purchase_requests set status = null, extra = $2 where id = $1', [
      request.id,
      kept,
    ])
    const { buyerId } = request
    expect(await store.read.requests.find(request.id)).toMatchObject({ status: 'finalized' })
    expect(await store.read.requests.count({ buyerId, status: 'finalized' })).toBe(1)
    expect(await store.read.requests.countByStatus(buyerId)).toEqual([{ status: 'finalized', count: 1 }])
    await store.transaction(({ requests }) =>
      requests.update(request.id, { status: 'cancelled' }, new Date()),
    )
    expect(await store.read.requests.countByStatus(buyerId)).toEqual([{ status: 'cancelled', count: 1 }])
  })

  test('emptying a field does not bring back what the row keeps for it', async () => {
    const store = database.units.request
    const request = exampleRequest()
    await store.transaction(({ requests }) => requests.insert(request))
    const kept = {
      cancelReason: { reason: 'type', value: { $numberInt: '5' } },
      note: { reason: 'unmapped', value: 1 },
    }
    await database.pool.query('update purchase_requests set extra = $2 where id = $1', [request.id, kept])
    expect(await store.read.requests.find(request.id)).toMatchObject({ cancelReason: '5' })
    await store.transaction(({ requests }) => requests.update(request.id, { cancelReason: null }, new Date()))
    expect(await store.read.requests.find(request.id)).toMatchObject({ cancelReason: null })
    const { rows } = await database.pool.query('select extra from purchase_requests where id = $1', [
      request.id,
    ])
    expect(Object.keys(rows[0].extra)).toEqual(['note'])
  })

  test('the database refuses a status that nobody knows', async () => {
    const request = exampleRequest({ id: newId() })
    await database.units.request.transaction(({ requests }) => requests.insert(request))
    const update = database.pool.query("update purchase_requests set status = 'finalized' where id = $1", [
      request.id,
    ])
    await expect(update).rejects.toMatchObject({ code: '23514' })
  })
})
