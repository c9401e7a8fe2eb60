import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { objectIdOf } from '../../../migration/lenient.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { newId } from '../../../platform/ids.ts'
import { exampleUser } from '../../../testing/example-user.ts'
import { userRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('users in MongoDB', () => {
  userRepositoryContract(async () => mongo.units.user)

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

  test('a stored document has no nulls, and the version that Mongoose gives', async () => {
    const user = exampleUser({ referralCode: null })
    await mongo.units.user.transaction(({ users }) => users.insert(user))
    const document = await mongo.connection.collection('users').findOne({ _id: objectIdOf(user.id) })
    expect(document).toMatchObject({ __v: 0, passkeys: [], refreshTokens: [], points: { total: 30 } })
    expect(document).not.toHaveProperty('referralCode')
    expect(document?.profile).not.toHaveProperty('phone')
  })
})
