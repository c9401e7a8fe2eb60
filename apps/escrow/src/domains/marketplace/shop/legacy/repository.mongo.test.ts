import { afterAll, beforeAll, describe } from 'vitest'
import { commandsOf } from '../../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { newId } from '../../../../platform/ids.ts'
import { shopRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('shops in MongoDB', () => {
  shopRepositoryContract(async () => ({
    store: mongo.units.shop,
    makeSeller: async () => newId(),
    count: commandsOf(mongo.connection),
  }))
})
