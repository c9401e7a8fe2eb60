import { afterAll, beforeAll, describe } from 'vitest'
import { commandsOf } from '../../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { templateRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('templates in MongoDB', () => {
  templateRepositoryContract(async () => {
    await mongo.connection.collection('requesttemplates').deleteMany({})
    return { store: mongo.units.request, count: commandsOf(mongo.connection) }
  })
})
