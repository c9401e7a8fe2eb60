import { afterAll, beforeAll } from 'vitest'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { type Marketplace, marketplace } from '../../testing/marketplace.ts'
import { disputeRoutesContract } from './routes.contract.ts'

let database: EscrowDatabase
let market: Marketplace
beforeAll(async () => {
  database = await escrowDatabase()
  market = await marketplace(database.units)
})
afterAll(async () => {
  await market.escrow.app.close()
  await database[Symbol.asyncDispose]()
})

disputeRoutesContract(async () => market)
