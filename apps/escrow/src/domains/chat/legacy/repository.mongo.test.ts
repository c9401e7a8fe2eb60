import { afterAll, beforeAll, describe } from 'vitest'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { chatMessageRepositoryContract } from '../messages.contract.ts'
import { chatRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('chats in MongoDB', () => {
  const freshStore = async () => {
    await mongo.connection.collection('chats').deleteMany({})
    return mongo.units.chat
  }
  chatRepositoryContract(freshStore, (work) => count(work))
  chatMessageRepositoryContract(freshStore, (work) => count(work))
})
