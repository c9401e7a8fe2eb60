import { afterAll, beforeAll, describe } from 'vitest'
import { commandsOf } from '../../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { levelRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('levels in MongoDB', () => {
  levelRepositoryContract(async () => {
    await mongo.connection.collection('levelconfigs').deleteMany({})
    return { store: mongo.units.level, count: commandsOf(mongo.connection) }
  })
})
