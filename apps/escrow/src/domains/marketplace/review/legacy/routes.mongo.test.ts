import { afterAll, beforeAll } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { reviewRoutesContract } from '../routes.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

reviewRoutesContract(async () => mongo.units)
