import type { Mapping } from 'landbridge'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tempVerifications } from '../domains/auth/legacy/mapping.ts'
import { categories } from '../domains/marketplace/category/legacy/mapping.ts'
import { pointTransactions } from '../domains/points/legacy/mapping.ts'
import { users } from '../domains/user/legacy/mapping.ts'
import { type EntityId, newId, parseId } from '../platform/ids.ts'
import { escrowApp, signUp } from '../testing/escrow-app.ts'
import { type EscrowDatabase, escrowDatabase } from '../testing/escrow-database.ts'
import { exampleUser } from '../testing/example-user.ts'
import type { Units } from '../units.ts'
import { effectMappings } from './effects.mapping.ts'
import { objectIdOf } from './lenient.ts'
import { carryToMongo, carryToPostgres } from './testing/carry.ts'
import { type EscrowMongo, escrowMongo } from './testing/escrow-mongo.ts'

let postgres: EscrowDatabase
let mongo: EscrowMongo
/** A second MongoDB, for what comes back. */
let returned: EscrowMongo
beforeAll(async () => {
  ;[postgres, mongo, returned] = await Promise.all([escrowDatabase(), escrowMongo(), escrowMongo()])
})
afterAll(async () => {
  await Promise.all([postgres, mongo, returned].map((world) => world[Symbol.asyncDispose]()))
})

/** What the repositories of a store show of one entity. */
type Shown = (units: Units) => Promise<unknown>

const toPostgres = (mapping: Mapping, id: EntityId) =>
  carryToPostgres(mongo.connection, postgres.pool, mapping, id)
const back = (mapping: Mapping, id: EntityId) => carryToMongo(returned.connection, postgres.pool, mapping, id)

async function sameInBothStores(mapping: Mapping, id: EntityId, shown: Shown): Promise<void> {
  const before = await shown(mongo.units)
  expect(before).not.toBeNull()
  await toPostgres(mapping, id)
  expect(await shown(postgres.units)).toEqual(before)
  await back(mapping, id)
  expect(await shown(returned.units)).toEqual(before)
}

const extraOf = async (table: string, id: EntityId) =>
  (await postgres.pool.query(`select extra from ${table} where id = $1`, [id])).rows[0]?.extra

describe('what the application writes in MongoDB', () => {
  test('is the same in Postgres, needs nothing in `extra`, and comes back', async () => {
    const escrow = escrowApp(mongo.units)
    const person = await signUp(escrow)
    const id = parseId(person.id)
    await escrow.call('PUT', '/api/user/profile', {
      token: person.accessToken,
      body: {
        bio: 'سلام 👋',
        isPublic: true,
        preferences: { language: 'fa', notifications: { push: true } },
      },
    })
    await escrow.call('GET', '/api/points/my-points', { token: person.accessToken })
    const payload = { requestId: person.id, buyerId: person.id, amount: '40.5', currency: 'USDT' }
    const emitted = { type: 'request.completed', key: person.id, payload, at: escrow.clock.now() }
    await mongo.units.request.transaction(({ effects }) => effects.emit(emitted))
    await escrow.effects.deliverDue()
    await escrow.call('POST', '/api/auth/register', { body: { email: 'waits@example.com' } })

    await sameInBothStores(users, id, async ({ user }) => ({
      user: await user.read.users.find(id),
      tokens: await user.read.users.refreshTokens(id),
    }))
    expect(await extraOf('users', id)).toBeNull()

    const { items } = await mongo.units.user.read.pointTransactions.listOf(id, { page: 1, limit: 10 })
    const entryId = items[0]?.id ?? newId()
    await sameInBothStores(pointTransactions, entryId, ({ user }) =>
      user.read.pointTransactions.listOf(id, { page: 1, limit: 10 }),
    )
    expect(await extraOf('point_transactions', entryId)).toBeNull()

    const waiting: Shown = ({ user }) =>
      user.transaction((unit) => unit.tempVerifications.lockByEmail('waits@example.com'))
    const waitingId = ((await waiting(mongo.units)) as { id: EntityId }).id
    await sameInBothStores(tempVerifications, waitingId, waiting)
    expect(await extraOf('temp_verifications', waitingId)).toBeNull()
  })

  test('effects too, delivered or not', async () => {
    const [outbox, inbox] = effectMappings('category')
    if (outbox === undefined || inbox === undefined) throw new Error('a unit has an outbox and an inbox')
    const at = new Date('2026-03-01T10:00:00.123Z')
    const receipt = { effectId: newId(), type: 'a', outcome: 'refused', reason: 'gone', at } as const
    await mongo.units.category.transaction(async ({ effects }) => {
      await effects.emit({ type: 'a', key: 'k', payload: { amount: '1.50', list: [1, null], deep: {} }, at })
      await effects.recordReceived(receipt)
    })
    const [pending] = await mongo.units.category.read.effects.pending(1, at)
    await mongo.units.category.transaction(({ effects }) =>
      effects.postpone(pending?.id ?? newId(), { error: 'away', until: at }),
    )
    await sameInBothStores(outbox, pending?.id ?? newId(), ({ category }) =>
      category.read.effects.pending(9, at),
    )
    expect(await extraOf('category_effect_outbox', pending?.id ?? newId())).toBeNull()

    const received = await mongo.connection.collection(inbox.collection).findOne({})
    await sameInBothStores(inbox, parseId(String(received?._id)), ({ category }) =>
      category.read.effects.received(receipt.effectId),
    )
  })
})

describe('what the application writes in Postgres', () => {
  test('is the same in MongoDB', async () => {
    const user = exampleUser({ referralCode: null, profile: { ...exampleUser().profile, phone: '+98' } })
    const tokens = [{ tokenHash: 'h', family: 'f', usedAt: null, expiresAt: new Date(0), userAgent: 'x' }]
    await postgres.units.user.transaction(async (unit) => {
      await unit.users.insert(user)
      await unit.users.saveRefreshTokens(user.id, tokens, user.updatedAt ?? new Date())
    })
    await back(users, user.id)
    expect(await returned.units.user.read.users.find(user.id)).toEqual(user)
    expect(await returned.units.user.read.users.refreshTokens(user.id)).toEqual(tokens)
  })
})

describe('old documents', () => {
  const insert = async (collection: string, document: object): Promise<EntityId> => {
    const id = newId()
    await mongo.connection.collection(collection).insertOne({ _id: objectIdOf(id), ...document })
    return id
  }

  test.each([
    ['nothing at all', {}],
    ['unknown words', { role: 'moderator', status: 'blocked', authProvider: 'apple' }],
    ['numbers as text', { points: { total: '12', available: '7', used: 1.5, level: null } }],
    ['containers that are none', { points: null, profile: 'x', referralStats: [] }],
    ['dates as text', { createdAt: '2024-05-01T00:00:00.000Z', updatedAt: 'yesterday' }],
    ['plain refresh tokens', { refreshTokens: ['plain-a', 'plain-b'], passkeys: null }],
    ['a reference to nothing, and one that is none', { referredBy: 'none', email: 'Someone@Example.com' }],
    ['a code that was a number', { emailVerificationCode: 123456, phone: 98 }],
  ])('%s: users are shown alike and come back', async (_name, document) => {
    const id = await insert('users', document)
    await sameInBothStores(users, id, async ({ user }) => ({
      user: await user.read.users.find(id),
      tokens: await user.read.users.refreshTokens(id),
    }))
  })

  test.each([
    ['nothing at all', {}],
    ['words in place of numbers', { name: 'کتاب', nameEn: 7, order: '3', isActive: 'yes', parentId: null }],
  ])('%s: categories are shown alike and come back', async (_name, document) => {
    const id = await insert('categories', document)
    await sameInBothStores(categories, id, ({ category }) => category.read.categories.find(id))
  })

  test('spends of either sign, an order as text, unknown words: entries are shown alike', async () => {
    const user = newId()
    const entry = {
      user: objectIdOf(user),
      type: 'refund',
      source: 'purchase',
      amount: -5,
      order: 'template-checkout-1',
    }
    const id = await insert('pointtransactions', { ...entry, balance: 2.5, metadata: { 'a.b': 1 } })
    await sameInBothStores(pointTransactions, id, (units) =>
      units.user.read.pointTransactions.listOf(user, { page: 1, limit: 5 }),
    )
  })
})
