import { afterAll, beforeAll } from 'vitest'
import { sellerRoutesContract } from '../domains/marketplace/seller/routes.contract.ts'
import { type EscrowMongo, escrowMongo } from './testing/escrow-mongo.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

// The directory has no collection of its own, and so no folder that dies: its legacy side is tested here.
sellerRoutesContract(async () => mongo.units)
