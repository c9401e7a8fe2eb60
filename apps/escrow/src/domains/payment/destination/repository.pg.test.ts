import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOf } from '../../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../../testing/references-between-units.ts'
import { destinationRepositoryContract, exampleDestination } from './repository.contract.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
  count = statementsOf(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('derived destinations in Postgres', () => {
  destinationRepositoryContract(
    async () => database.units.payment,
    (work) => count(work),
  )

  test('an address is one whatever its case, on its chain', async () => {
    const store = database.units.payment
    const address = `0xAbCd${'0'.repeat(36)}`
    const insert = (changes: Parameters<typeof exampleDestination>[0]) =>
      store.transaction(({ destinations }) => destinations.insert(exampleDestination(changes)))
    await insert({ address })
    await expect(insert({ address: address.toLowerCase() })).rejects.toMatchObject({
      code: 'DESTINATION_TAKEN',
    })
    await insert({ address, chainId: 1 })
  })
})
