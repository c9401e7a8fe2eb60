import { afterAll, beforeAll, describe } from 'vitest'
import { statementsOf } from '../../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../../testing/references-between-units.ts'
import { exampleRequest } from '../request/repository.contract.ts'
import { offerRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  count = statementsOf(database.pool)
  await dropReferencesBetweenUnits(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('offers in Postgres', () => {
  offerRepositoryContract(
    async () => database.units.request,
    async (store) => {
      const request = exampleRequest()
      await store.transaction(({ requests }) => requests.insert(request))
      return request.id
    },
    (work) => count(work),
  )
})
