import type { Mapping } from 'landbridge/mapping'
import type { Collection } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { payments } from '../domains/payment/legacy/mapping.ts'
import { users } from '../domains/user/legacy/mapping.ts'
import { type EntityId, parseId } from '../platform/ids.ts'
import { type EscrowDatabase, escrowDatabase } from '../testing/escrow-database.ts'
import { type DirtyDocument, dirtyPayments, dirtyUsers } from './testing/dirty-documents.ts'
import { type EscrowMongo, escrowMongo } from './testing/escrow-mongo.ts'
import { insertRows } from './testing/insert-rows.ts'
import { asDecoded } from './testing/rows-as-read.ts'

let mongo: EscrowMongo
let database: EscrowDatabase
beforeAll(async () => {
  mongo = await escrowMongo()
  database = await escrowDatabase()
  await load(users, dirtyUsers)
  await load(payments, dirtyPayments)
})
afterAll(async () => {
  await mongo[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

/** The same documents into both stores: as they are, and as the mapping has them. */
async function load(mapping: Mapping, documents: DirtyDocument[]): Promise<void> {
  const collection = mongo.connection.collection(mapping.collection) as unknown as Collection
  for (const { document, what } of documents) {
    await collection.insertOne(document)
    const outcomes = what.includes('differs by case') ? [{ path: 'email', reason: 'unique' as const }] : []
    const outcome = mapping.mapDocument(asDecoded(document), { outcomes })
    if (outcome.kind === 'refused') throw new Error(`${what}: ${outcome.path}: ${outcome.reason}`)
    await insertRows(database.pool, mapping, outcome.rows)
  }
}

const idOf = ({ document }: DirtyDocument): EntityId => parseId(document._id.toHexString())
const page = { limit: 100, offset: 0 }

describe('users', () => {
  test.each(dirtyUsers)('$what', async (dirty) => {
    const expected = await mongo.units.user.read.users.find(idOf(dirty))
    expect(expected).not.toBeNull()
    expect(await database.units.user.read.users.find(idOf(dirty))).toEqual(expected)
  })

  test('as many of each status on both stores', async () => {
    const ids = dirtyUsers.map(idOf)
    const inMongo = countBy(await mongo.units.user.read.users.findMany(ids))
    expect(inMongo).toEqual({ active: 5, blocked: 1, ACTIVE: 1, null: 1 })
    expect(countBy(await database.units.user.read.users.findMany(ids))).toEqual(inMongo)
  })
})

describe('payments', () => {
  test.each(dirtyPayments)('$what', async (dirty) => {
    const expected = await mongo.units.payment.read.payments.find(idOf(dirty))
    expect(expected).not.toBeNull()
    expect(await database.units.payment.read.payments.find(idOf(dirty))).toEqual(expected)
  })

  test('volumes by status and currency are the same and exact on both stores', async () => {
    const expected = [
      { status: '5', currency: null, count: 1, amount: '0' },
      { status: 'archived', currency: 'USDT', count: 2, amount: '20' },
      { status: 'confirmed', currency: 'USDT', count: 10, amount: '36.30000000000000004' },
      { status: 'pend\0ing', currency: 'USDT', count: 1, amount: '10' },
    ]
    expect(await mongo.units.payment.read.payments.volumes({})).toEqual(expected)
    expect(await database.units.payment.read.payments.volumes({})).toEqual(expected)
  })

  test('an old status is found by its word, a known one by its column', async () => {
    for (const filter of [{ status: 'archived' }, { status: 'confirmed' }, { provider: 'decentralized' }]) {
      const ids = async (units: typeof database.units) =>
        (await units.payment.read.payments.list(filter, page)).map(({ id }) => id)
      const expected = await ids(mongo.units)
      expect(expected.length).toBeGreaterThan(0)
      expect(await ids(database.units)).toEqual(expected)
      const counts = [mongo.units, database.units].map((units) => units.payment.read.payments.count(filter))
      expect(new Set(await Promise.all(counts)).size).toBe(1)
    }
  })

  test('what SQL sums is what the documents say', async () => {
    const { rows } = await database.pool.query('select trim_scale(sum(amount))::text as sum from payments')
    expect(rows[0].sum).toBe('66.30000000000000004')
  })
})

function countBy(found: readonly { status: string | null }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status } of found) counts[String(status)] = (counts[String(status)] ?? 0) + 1
  return counts
}
