import { afterAll, beforeAll, describe } from 'vitest'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { newId } from '../../../platform/ids.ts'
import { pointTransactionRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('point transactions in MongoDB', () => {
  pointTransactionRepositoryContract(
    async () => mongo.units.user,
    async () => newId(),
    (work) => count(work),
  )
})
