import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, publicId } from '../../platform/ids.ts'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { exampleUser } from '../../testing/example-user.ts'
import { userRepositoryContract } from './repository.contract.ts'
import { createUserRepository } from './repository.postgres.ts'
import type { UserRepository } from './repository.ts'

/** Runs what the repository asks, and notes the plan of it first. */
function explainFirst(client: pg.PoolClient, plans: string[]) {
  return async (query: pg.QueryConfig, values?: unknown[]) => {
    const { rows } = await client.query({ text: `explain ${query.text}`, values: values ?? query.values })
    plans.push(...rows.map((row) => row['QUERY PLAN']))
    return client.query(query, values)
  }
}

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  count = statementsOf(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('users in Postgres', () => {
  userRepositoryContract(
    async () => database.units.user,
    (work) => count(work),
  )

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

  test.each([
    ['e-mail', 'users_email_key', (users: UserRepository) => users.findByEmail('a@example.com')],
    [
      'e-mail that only `extra` keeps',
      'users_kept_email_idx',
      (users: UserRepository) => users.findByEmail('a@example.com'),
    ],
    [
      'refresh token',
      'user_refresh_tokens_hash_idx',
      (users: UserRepository) => users.findByRefreshToken(['h', 'p']),
    ],
    [
      'plain refresh token',
      'users_kept_tokens_idx',
      (users: UserRepository) => users.findByRefreshToken(['h', 'p']),
    ],
  ])('the look-up by %s has its index %s', async (_name, index, lookUp) => {
    const client = await database.pool.connect()
    try {
      await client.query('set enable_seqscan = off')
      const plans: string[] = []
      const explained = new Proxy(client, {
        get: (target, key) => (key === 'query' ? explainFirst(target, plans) : Reflect.get(target, key)),
      })
      await lookUp(createUserRepository(drizzle(explained)))
      expect(plans.join('\n')).toContain(index)
    } finally {
      client.release(true)
    }
  })

  test('the row carries the id that people know', async () => {
    const user = exampleUser()
    await database.units.user.transaction(({ users }) => users.insert(user))
    const { rows } = await database.pool.query('select legacy_object_id from users where id = $1', [user.id])
    expect(rows).toEqual([{ legacy_object_id: publicId(user.id) }])
  })
})
