import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { plansOf } from '../../testing/explained.ts'
import { dropReferencesBetweenUnits } from '../../testing/references-between-units.ts'
import { addressRepositoryContract, exampleAddress } from './repository.contract.ts'
import { createAddressRepository } from './repository.postgres.ts'
import type { AddressRepository } from './repository.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
  count = statementsOf(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('addresses in Postgres', () => {
  addressRepositoryContract(
    async () => {
      await database.pool.query('delete from addresses')
      return database.units.address
    },
    (work) => count(work),
  )

  test('the database holds one primary address of a person', async () => {
    const store = database.units.address
    const userId = newId()
    await store.transaction(({ addresses }) => addresses.insert(exampleAddress(userId, { primary: true })))
    const second = store.transaction(({ addresses }) =>
      addresses.insert(exampleAddress(userId, { primary: true })),
    )
    await expect(second).rejects.toMatchObject({ code: 'PRIMARY_ADDRESS_TAKEN' })
  })

  test('a second primary one of the past is shown as primary, and demoted like any', async () => {
    const store = database.units.address
    const [userId, id] = [newId(), newId()]
    const extra = {
      primary: { reason: 'unique', value: true },
      addressType: { reason: 'enum', value: 'office' },
      zipCode: { reason: 'type', value: { $numberInt: '12345' } },
    }
    await database.pool.query('insert into addresses (id, user_id, extra) values ($1, $2, $3)', [
      id,
      userId,
      JSON.stringify(extra),
    ])
    const shown = { primary: true, addressType: 'office', zipCode: '12345' }
    expect(await store.read.addresses.find(id)).toMatchObject(shown)
    await store.transaction(({ addresses }) => addresses.update(id, { zipCode: null }, new Date()))
    expect(await store.read.addresses.find(id)).toMatchObject({ ...shown, zipCode: null })
    await store.transaction(({ addresses }) => addresses.demoteOthers(userId, newId(), new Date()))
    expect(await store.read.addresses.find(id)).toMatchObject({ primary: false })
  })
})

describe('with 100,000 addresses', () => {
  const userId = newId()
  beforeAll(async () => {
    await database.pool.query('delete from addresses')
    await database.pool.query(
      `insert into addresses (id, user_id, is_primary)
       select gen_random_uuid(), case when n <= 3 then $1::uuid else gen_random_uuid() end, n % 2 = 0
       from generate_series(1, 100000) n`,
      [userId],
    )
    await database.pool.query('analyze addresses')
  }, 60_000)

  type Ask = (repository: AddressRepository) => Promise<unknown>
  test.each<[string, Ask]>([
    ['the addresses of a person', (all) => all.listOf(userId)],
    ['the primary ones', (all) => all.demoteOthers(userId, newId(), new Date())],
  ])('%s are found by an index on people', async (_what, ask) => {
    const plans = await plansOf(database.pool, (db) => ask(createAddressRepository(db)))
    expect(plans).toContain('addresses_user_idx')
    expect(plans).not.toContain('Seq Scan on addresses')
  })
})
