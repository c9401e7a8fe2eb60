import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { objectIdOf } from '../../../migration/lenient.ts'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { newId } from '../../../platform/ids.ts'
import { exampleUser } from '../../../testing/example-user.ts'
import { userRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('users in MongoDB', () => {
  userRepositoryContract(
    async () => mongo.units.user,
    (work) => count(work),
  )

  test('old documents are read without a complaint', async () => {
    const id = newId()
    await mongo.connection.collection('users').insertOne({
      _id: objectIdOf(id),
      email: 'Twin@Example.com',
      status: 'blocked',
      role: null,
      points: {
        total: '12',
        available: Number.NaN,
        used: mongoose.Types.Decimal128.fromString('3.00'),
        level: 1.5,
      },
      profile: null,
      referredBy: 'not an id',
      createdAt: '2024-05-01T00:00:00.000Z',
      updatedAt: 'yesterday',
      refreshTokens: ['plain-1', 'plain-2', null, 7],
      preferences: 'none',
    })
    const { users } = mongo.units.user.read
    expect(await users.find(id)).toMatchObject({
      email: 'Twin@Example.com',
      status: 'blocked',
      role: null,
      points: { total: 12, available: null, used: 3, level: null },
      profile: { avatar: null, isPublic: null },
      referredBy: null,
      createdAt: new Date('2024-05-01T00:00:00.000Z'),
      updatedAt: null,
    })
    expect((await users.findByRefreshToken(['hash', 'plain-2']))?.id).toBe(id)
    expect((await users.refreshTokens(id)).map(({ tokenHash }) => tokenHash)).toEqual(['plain-1', 'plain-2'])
  })

  test('a change gets past what is in its way', async () => {
    const id = newId()
    const dirt = { points: null, profile: 'none', referralStats: { totalReferrals: '4' }, status: 'blocked' }
    await mongo.connection.collection('users').insertOne({ _id: objectIdOf(id), ...dirt })
    const points = { total: 1, available: 1, used: null, level: 1 }
    const profile = { avatar: '/a.png', phone: null, bio: null, website: null, isPublic: true }
    await mongo.units.user.transaction(async ({ users }) => {
      await users.update(id, { points, profile, lastName: 'X' }, new Date())
      await users.countReferral(id, new Date())
    })
    expect(await mongo.units.user.read.users.find(id)).toMatchObject({
      points,
      profile,
      lastName: 'X',
      status: 'blocked',
      referralStats: { totalReferrals: 5 },
    })
  })

  test('a stored document has no nulls, and the version that Mongoose gives', async () => {
    const user = exampleUser({ referralCode: null })
    await mongo.units.user.transaction(({ users }) => users.insert(user))
    const document = await mongo.connection.collection('users').findOne({ _id: objectIdOf(user.id) })
    expect(document).toMatchObject({ __v: 0, passkeys: [], refreshTokens: [], points: { total: 30 } })
    expect(document).not.toHaveProperty('referralCode')
    expect(document?.profile).not.toHaveProperty('phone')
  })
})
