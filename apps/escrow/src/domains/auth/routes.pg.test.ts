import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, publicId } from '../../platform/ids.ts'
import { type EscrowApp, escrowApp } from '../../testing/escrow-app.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { authRoutesContract } from './routes.contract.ts'

let database: EscrowDatabase
let escrow: EscrowApp
beforeAll(async () => {
  database = await escrowDatabase()
  escrow = escrowApp(database.units)
})
afterAll(() => database[Symbol.asyncDispose]())

const post = (url: string, body: object) => escrow.call('POST', url, { body })
const refresh = (refreshToken: string) => post('/api/auth/refresh-token', { refreshToken })

authRoutesContract(async () => escrow)

describe('what Postgres holds', () => {
  test('neither the code nor the password is stored as it is', async () => {
    const email = 'stored@example.com'
    await post('/api/auth/register', { email, password: 'a good password' })
    const { rows } = await database.pool.query('select * from temp_verifications where email = $1', [email])
    expect(rows[0].email_verification_code).toMatch(/^hmac-sha256:/)
    expect(rows[0].password).toMatch(/^\$argon2id\$/)
  })

  test('a plain token of the past is exchanged once, and nothing plain stays', async () => {
    const id = newId()
    const extra = { refreshTokens: { reason: 'type', value: ['old-token', 'old-token-of-a-phone'] } }
    await database.pool.query('insert into users (id, legacy_object_id, extra) values ($1, $2, $3)', [
      id,
      publicId(id),
      JSON.stringify(extra),
    ])
    expect((await refresh('old-token')).status).toBe(200)
    const stored = await database.units.user.read.users.refreshTokens(id)
    expect(stored.map(({ tokenHash }) => tokenHash.split(':')[0])).toEqual(Array(3).fill('hmac-sha256'))
    expect((await refresh('old-token-of-a-phone')).status).toBe(200)
    expect((await refresh('old-token')).status).toBe(401)
  })
})
