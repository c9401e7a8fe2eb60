import { afterAll, beforeAll } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { marketplace } from '../../../testing/marketplace.ts'
import { chatRoutesContract } from '../routes.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

chatRoutesContract(async () => marketplace(mongo.units))
