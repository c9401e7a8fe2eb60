import { afterAll, beforeAll, expect, test } from 'vitest'
import { fundsLedgerEntries, payments } from '../../domains/payment/legacy/mapping.ts'
import { type Amount, addAmounts, isPositive, zeroAmount } from '../../platform/money.ts'
import { type GeneratedStores, generatedStores } from '../testing/generated-stores.ts'
import { printMoney } from './print-money.ts'
import { type MoneyStores, reconcileMoney } from './reconcile-money.ts'

let generated: GeneratedStores
let stores: MoneyStores
beforeAll(async () => {
  generated = await generatedStores([payments, fundsLedgerEntries], { documents: 3_000, seed: 5 })
  const { db } = generated.mongo.connection
  if (db === undefined) throw new Error('the connection has no database')
  stores = {
    pool: generated.database.pool,
    database: db as unknown as MoneyStores['database'],
    quarantined: async () => [],
  }
}, 120_000)
afterAll(() => generated[Symbol.asyncDispose]())

const atOnce = { looks: 1 }
const sum = (amounts: Amount[]) => addAmounts(zeroAmount, ...amounts)

test('both stores hold the same money, by provider, status and day, dirt included', async () => {
  const report = await reconcileMoney(stores, atOnce)
  expect(report.differences).toEqual([])
  expect(report).toMatchObject({ equal: true, leftOut: { payments: 0, fundsledgerentries: 0 } })
  expect(report.entries).toBe(generated.idsOf(payments).length + generated.idsOf(fundsLedgerEntries).length)
  expect(report.lines).toBeGreaterThan(report.totals.length)
  expect(isPositive(sum(report.totals.map(({ postgres }) => postgres.amount)))).toBe(true)
  expect(printMoney(report)).toMatch(/Both stores hold the same money, to the last decimal\.\n/)
})

test('the smallest part of one amount is a difference, and is named with its day', async () => {
  const { rows } = await stores.pool.query(
    `update payments set amount = amount + 0.000000000000000001 where id = (
       select id from payments where amount is not null and provider is not null and created_at is not null limit 1)
     returning id, provider, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day`,
  )
  const [{ id, provider, day }] = rows
  const report = await reconcileMoney(stores, atOnce)
  expect(report).toMatchObject({
    equal: false,
    differences: [{ collection: 'payments', day, words: { provider } }],
  })
  expect(printMoney(report)).toMatch(/1 lines DIFFER/)
  await stores.pool.query('update payments set amount = amount - 0.000000000000000001 where id = $1', [id])
})

test('a payment that one store lacks is a difference, unless it stands in quarantine', async () => {
  const collection = stores.database.collection('payments')
  const only = await collection.findOne({}, { sort: { _id: -1 } })
  await collection.insertOne({
    ...only,
    _id: 'by hand' as never,
    providerPaymentId: 'p',
    idempotencyKey: 'i',
  })
  expect(await reconcileMoney(stores, atOnce)).toMatchObject({ equal: false })
  const told = { ...stores, quarantined: async (name: string) => (name === 'payments' ? ['by hand'] : []) }
  expect(await reconcileMoney(told, atOnce)).toMatchObject({ equal: true, leftOut: { payments: 1 } })
  await collection.deleteOne({ _id: 'by hand' as never })
})

test('what a write in flight explains is looked at again', async () => {
  const collection = stores.database.collection('payments')
  const one = await collection.findOne({
    'amount.amount': { $type: 'double' },
    provider: { $type: 'string' },
  })
  await collection.updateOne({ _id: one?._id }, { $set: { provider: 'on its way' } })
  const report = reconcileMoney(stores, { looks: 50, restMs: 50 })
  setTimeout(() => void collection.updateOne({ _id: one?._id }, { $set: { provider: one?.provider } }), 300)
  expect(await report).toMatchObject({ equal: true })
})
