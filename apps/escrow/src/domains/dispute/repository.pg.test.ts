import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../testing/references-between-units.ts'
import { disputeRepositoryContract, exampleDispute } from './repository.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('disputes in Postgres', () => {
  disputeRepositoryContract(async () => {
    await database.pool.query('truncate disputes')
    return { store: database.units.dispute, count: statementsOf(database.pool) }
  })

  test('an old twin whose status stands in `extra` is open, and found by its word', async () => {
    const store = database.units.dispute
    const twin = exampleDispute()
    await store.transaction(({ disputes }) => disputes.insert(twin))
    const client = await database.pool.connect()
    try {
      await client.query('set session_replication_role = replica')
      const extra = { status: { reason: 'unique', value: 'in_progress' } }
      await client.query('update disputes set status = null, extra = $2 where id = $1', [twin.id, extra])
    } finally {
      client.release(true)
    }
    const { disputes } = store.read
    const { purchaseRequestId } = twin
    expect(await disputes.findOpen(purchaseRequestId)).toMatchObject({ id: twin.id, status: 'in_progress' })
    expect(await disputes.count({ purchaseRequestId, status: 'in_progress' })).toBe(1)
    await store.transaction((repositories) =>
      repositories.disputes.update(twin.id, { status: 'rejected' }, new Date()),
    )
    expect(await disputes.find(twin.id)).toMatchObject({ status: 'rejected' })
  })
})
