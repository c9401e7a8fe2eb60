import { afterAll, beforeAll, describe } from 'vitest'
import { commandsOf } from '../../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { offerRepositoryContract } from '../../offer/repository.contract.ts'
import { exampleRequest, requestRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('requests in MongoDB', () => {
  requestRepositoryContract(
    async () => {
      await mongo.connection.collection('purchaserequests').deleteMany({})
      return mongo.units.request
    },
    (work) => count(work),
  )
})

describe('offers in MongoDB', () => {
  offerRepositoryContract(
    async () => mongo.units.request,
    async (store) => {
      const request = exampleRequest()
      await store.transaction(({ requests }) => requests.insert(request))
      return request.id
    },
    (work) => count(work),
  )
})
