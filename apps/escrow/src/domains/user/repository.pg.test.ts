import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, publicId } from '../../platform/ids.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { exampleUser } from '../../testing/example-user.ts'
import { userRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

describe('users in Postgres', () => {
  userRepositoryContract(async () => database.units.user)

  test('what `extra` keeps is read as the old system showed it', async () => {
    const id = newId()
    const extra = {
      status: { reason: 'enum', value: 'blocked' },
      email: { reason: 'unique', value: 'Twin@example.com' },
      refreshTokens: { reason: 'type', value: ['plain-1', 'plain-2'] },
    }
    await database.pool.query('insert into users (id, legacy_object_id, extra) values ($1, $2, $3)', [
      id,
      publicId(id),
      JSON.stringify(extra),
    ])
    const { users } = database.units.user.read
    expect(await users.find(id)).toMatchObject({ status: 'blocked', email: 'Twin@example.com' })
    expect((await users.findByEmail('Twin@example.com'))?.id).toBe(id)
    expect((await users.findByRefreshToken(['hash', 'plain-2']))?.id).toBe(id)
    expect((await users.refreshTokens(id)).map(({ tokenHash }) => tokenHash)).toEqual(['plain-1', 'plain-2'])

    await database.units.user.transaction((unit) => unit.users.saveRefreshTokens(id, [], new Date()))
    expect(await users.refreshTokens(id)).toEqual([])
    const { rows } = await database.pool.query('select extra from users where id = $1', [id])
    expect(Object.keys(rows[0].extra)).toEqual(['email', 'status'])
  })

  test('what a change takes away does not show again from `extra`', async () => {
    const id = newId()
    const extra = {
      'profile.phone': { reason: 'type', value: { $numberInt: '98' } },
      walletAddress: { reason: 'nul', value: 'x' },
    }
    await database.pool.query('insert into users (id, extra) values ($1, $2)', [id, JSON.stringify(extra)])
    const store = database.units.user
    const profile = (await store.read.users.find(id))?.profile ?? exampleUser().profile
    expect(profile.phone).toBe('98')
    await store.transaction(({ users }) =>
      users.update(id, { profile: { ...profile, phone: null } }, new Date()),
    )
    expect((await store.read.users.find(id))?.profile.phone).toBeNull()
    await store.transaction(({ users }) => users.update(id, { walletAddress: null }, new Date()))
    expect((await database.pool.query('select extra from users where id = $1', [id])).rows).toEqual([
      { extra: null },
    ])
  })

  test('addresses that differ by case alone are one address', async () => {
    const user = exampleUser({ email: 'Mixed@Example.com' })
    const twin = exampleUser({ email: 'mixed@example.com' })
    await database.units.user.transaction(({ users }) => users.insert(user))
    const second = database.units.user.transaction(({ users }) => users.insert(twin))
    await expect(second).rejects.toMatchObject({ code: 'USER_EXISTS' })
  })

  test('the row carries the id that people know', async () => {
    const user = exampleUser()
    await database.units.user.transaction(({ users }) => users.insert(user))
    const { rows } = await database.pool.query('select legacy_object_id from users where id = $1', [user.id])
    expect(rows).toEqual([{ legacy_object_id: publicId(user.id) }])
  })
})
