import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { type Marketplace, marketplace } from '../../testing/marketplace.ts'
import { destinationRoutesContract } from './destination/routes.contract.ts'
import { paymentRoutesContract } from './routes.contract.ts'

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

paymentRoutesContract(async () => market)
destinationRoutesContract(async () => market)

test('statistics are what the table sums up to', async () => {
  const { body } = await market.escrow.call('GET', '/api/payment/statistics', { token: market.admin.token })
  const { rows } = await database.pool.query(
    `select status, currency, count(*)::int as count, trim_scale(sum(amount))::text as amount
     from payments group by 1, 2 order by 1, 2`,
  )
  expect(rows.length).toBeGreaterThan(1)
  expect(body.data).toEqual(rows)
})
