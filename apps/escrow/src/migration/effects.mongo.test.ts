import { afterAll, beforeAll, describe } from 'vitest'
import { effectStoreContract } from '../platform/effects.contract.ts'
import { type EscrowMongo, escrowMongo } from './testing/escrow-mongo.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('effects in MongoDB', () => {
  effectStoreContract(async () => {
    await mongo.connection.collection('lb_category_effect_outbox').deleteMany({})
    return mongo.units.category
  })
})
