import { afterAll, beforeAll } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { type Marketplace, marketplace } from '../../../testing/marketplace.ts'
import { disputeRoutesContract } from '../routes.contract.ts'

let mongo: EscrowMongo
let market: Marketplace
beforeAll(async () => {
  mongo = await escrowMongo()
  market = await marketplace(mongo.units)
})
afterAll(async () => {
  await market.escrow.app.close()
  await mongo[Symbol.asyncDispose]()
})

disputeRoutesContract(async () => market)
