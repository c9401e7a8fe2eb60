import { afterAll, beforeAll, describe } from 'vitest'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { newId } from '../../../platform/ids.ts'
import { configRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('settings in MongoDB', () => {
  configRepositoryContract(async () => ({
    store: mongo.units.config,
    count: commandsOf(mongo.connection),
    makeAdmin: async () => newId(),
  }))
})
