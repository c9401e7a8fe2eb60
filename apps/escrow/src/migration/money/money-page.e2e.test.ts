import { readFileSync } from 'node:fs'
import { Types } from 'mongoose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { payments } from '../../domains/payment/legacy/mapping.ts'
import { type GeneratedStores, generatedStores } from '../testing/generated-stores.ts'
import { moneyBooks } from './money-books.ts'
import { sumsInPostgres } from './sums-in-postgres.ts'

const page = readFileSync(new URL('../../../../../docs/runbook/money.md', import.meta.url), 'utf8')
const queries = [...page.matchAll(/```sql\n(.*?)```/gs)].map(([, query = '']) => query)

const payment = (amount: unknown, more: Record<string, unknown> = {}) => ({
  _id: new Types.ObjectId(),
  amount: { amount, currency: 'USDT' },
  provider: 'shkeeper',
  status: 'completed',
  createdAt: new Date('2026-03-01T23:59:59.999Z'),
  ...more,
})

let stores: GeneratedStores
beforeAll(async () => {
  const additional = [
    ...[0.1, 0.2, '1.50', Types.Decimal128.fromString('0.000000000000000001')].map((amount) =>
      payment(amount),
    ),
    payment('12 USD', { status: 'archived' }),
    payment(5, { provider: 'request-network', createdAt: '2026-03-01T10:00:00.000Z' }),
    payment(7, { status: null, provider: undefined, createdAt: 'last week' }),
  ]
  stores = await generatedStores([payments], {
    documents: 2_000,
    seed: 3,
    additional: { payments: additional },
  })
}, 120_000)
afterAll(() => stores[Symbol.asyncDispose]())

test('the totals of the page are those of `npm run money`, to the last decimal and with all old words', async () => {
  const { pool } = stores.database
  const book = moneyBooks.find(({ collection }) => collection === payments.collection)
  if (book === undefined) throw new Error('payments have no book')
  const lines = [...(await sumsInPostgres({ pool }, book)).values()].map(
    ({ words, day, currency, count, amount }) =>
      [words.provider, words.status, day, currency, count, amount].map((value) => value ?? '').join(','),
  )
  const { rows } = await pool.query({ text: queries[0] ?? '', rowMode: 'array' })
  const onPage = rows.map((row) => row.map((value) => value ?? '').join(',')).sort()
  expect(onPage).toEqual(lines.sort())
  expect(onPage).toContain('shkeeper,completed,2026-03-01,USDT,4,1.800000000000000001')
  expect(onPage).toContain('shkeeper,archived,2026-03-01,USDT,1,0')
  expect(onPage).toContain('request-network,completed,2026-03-01,USDT,1,5')
})

test('every other query of the page runs', async () => {
  expect(queries.length).toBeGreaterThan(2)
  for (const query of queries.slice(1)) await stores.database.pool.query(query)
})
