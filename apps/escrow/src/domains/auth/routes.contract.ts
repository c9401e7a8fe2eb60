import { beforeAll, describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '../../platform/clock.ts'
import { newId, parseId, publicId } from '../../platform/ids.ts'
import { type EscrowApp, signUp } from '../../testing/escrow-app.ts'
import { exampleUser } from '../../testing/example-user.ts'

/** What clients of the sign-up and session API may rely on, whichever store the units are in. */
export function authRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  beforeAll(async () => {
    escrow = await freshApp()
  })

  const post = (url: string, body: object) => escrow.call('POST', url, { body })
  const newEmail = () => `${publicId(newId())}@example.com`
  const codeFor = (email: string) => escrow.mailer.lastTo(email)?.data.code

  describe('sign-up', () => {
    test('a code is mailed, and with it the user exists and is signed in', async () => {
      const email = newEmail()
      const registered = await post('/api/auth/register', {
        email: ` ${email.toUpperCase()} `,
        firstName: 'زهرا',
        role: 'seller',
        password: 'a good password',
      })
      expect(registered).toEqual({ status: 200, body: { success: true, data: { email } } })
      expect(codeFor(email)).toMatch(/^\d{6}$/)

      const { status, body } = await post('/api/auth/verify-email-code', { email, code: codeFor(email) })
      expect(status).toBe(200)
      expect(body.data.user).toMatchObject({
        email,
        firstName: 'زهرا',
        role: 'seller',
        isEmailVerified: true,
      })
      const profile = await escrow.call('GET', '/api/user/profile', { token: body.data.tokens.accessToken })
      expect(profile.body.data.id).toBe(body.data.user.id)
    })

    test('wrong codes count, and ten of them make the code void', async () => {
      const email = newEmail()
      await post('/api/auth/register', { email, password: 'a good password' })
      for (let attempt = 0; attempt < 10; attempt += 1) {
        const { status, body } = await post('/api/auth/verify-email-code', { email, code: '000000' })
        expect([status, body.code]).toEqual([400, 'CODE_INVALID'])
      }
      const locked = await post('/api/auth/verify-email-code', { email, code: codeFor(email) })
      expect([locked.status, locked.body.code]).toEqual([429, 'TOO_MANY_ATTEMPTS'])

      await post('/api/auth/resend-verification', { email })
      expect((await post('/api/auth/verify-email-code', { email, code: codeFor(email) })).status).toBe(200)
    })

    test('a code lives fifteen minutes and serves once', async () => {
      const email = newEmail()
      await post('/api/auth/register', { email, password: 'a good password' })
      escrow.clock.advance(15 * MINUTE)
      const late = await post('/api/auth/verify-email-code', { email, code: codeFor(email) })
      expect(late.body.code).toBe('CODE_INVALID')
      await post('/api/auth/resend-verification', { email })
      const code = codeFor(email)
      expect((await post('/api/auth/verify-email-code', { email, code })).status).toBe(200)
      expect((await post('/api/auth/verify-email-code', { email, code })).body.code).toBe('CODE_INVALID')
    })

    test('a password may come with the code, and without one there is no account', async () => {
      const email = newEmail()
      await post('/api/auth/register', { email })
      const without = await post('/api/auth/verify-email-code', { email, code: codeFor(email) })
      expect(without.body.code).toBe('PASSWORD_REQUIRED')
      const body = { email, code: codeFor(email), password: 'another password' }
      expect((await post('/api/auth/verify-email-code', body)).status).toBe(200)
      expect((await post('/api/auth/login', { email, password: 'another password' })).status).toBe(200)
    })

    test('an address that has an account is refused in the form that clients read', async () => {
      const { email } = await signUp(escrow)
      const { status, body } = await post('/api/auth/register', { email })
      expect(status).toBe(409)
      expect(body).toMatchObject({
        type: 'urn:escrow:problem:user-exists',
        success: false,
        code: 'USER_EXISTS',
        message: expect.any(String),
        requestId: expect.any(String),
      })
    })

    test('a referral code counts for its owner; an unknown one is ignored', async () => {
      const owner = exampleUser()
      await escrow.units.user.transaction(({ users }) => users.insert(owner))
      const referred = await signUp(escrow, { referralCode: owner.referralCode ?? '' })
      await signUp(escrow, { referralCode: 'NOBODYS8' })
      const { users } = escrow.units.user.read
      expect((await users.find(parseId(referred.id)))?.referredBy).toBe(owner.id)
      expect((await users.find(owner.id))?.referralStats.totalReferrals).toBe(3)
    })

    test('input is refused with the field named; an administrator cannot be registered', async () => {
      const { status, body } = await post('/api/auth/register', { email: 'nobody', role: 'admin' })
      expect(status).toBe(400)
      expect(body.code).toBe('VALIDATION_FAILED')
      expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['body.email', 'body.role'])
    })
  })

  describe('sign-in', () => {
    test('a wrong password and an unknown address are answered alike', async () => {
      const { email } = await signUp(escrow)
      const wrong = await post('/api/auth/login', { email, password: 'wrong' })
      const unknown = await post('/api/auth/login', { email: newEmail(), password: 'wrong' })
      expect(wrong.status).toBe(401)
      expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' })
      expect((await escrow.units.user.read.users.findByEmail(email))?.failedLogins).toBe(1)
    })

    test('who is suspended stays out, also with a refresh token', async () => {
      const { id, email, refreshToken } = await signUp(escrow)
      await escrow.units.user.transaction(({ users }) =>
        users.update(parseId(id), { status: 'suspended' }, escrow.clock.now()),
      )
      const login = await post('/api/auth/login', { email, password: 'a good password' })
      expect([login.status, login.body.code]).toEqual([403, 'ACCOUNT_NOT_ACTIVE'])
      expect((await post('/api/auth/refresh-token', { refreshToken })).status).toBe(401)
    })

    test('an access token ends after fifteen minutes', async () => {
      const { accessToken } = await signUp(escrow)
      escrow.clock.advance(16 * MINUTE)
      const { status, body } = await escrow.call('GET', '/api/user/profile', { token: accessToken })
      expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED'])
    })
  })

  describe('refresh tokens', () => {
    const refresh = (refreshToken: string) => post('/api/auth/refresh-token', { refreshToken })

    test('rotate, and a reused one ends its family but no other session', async () => {
      const { email, refreshToken: first } = await signUp(escrow)
      const other = await post('/api/auth/login', { email, password: 'a good password' })
      const second = (await refresh(first)).body.data.refreshToken
      const third = (await refresh(second)).body.data.refreshToken
      expect(new Set([first, second, third]).size).toBe(3)

      expect((await refresh(first)).body.code).toBe('REFRESH_TOKEN_INVALID')
      expect((await refresh(third)).status).toBe(401)
      expect((await refresh(other.body.data.tokens.refreshToken)).status).toBe(200)
    })

    test('of two exchanges at once, not both succeed', async () => {
      const { refreshToken } = await signUp(escrow)
      const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
    })

    test('end after thirty days and at logout, which never complains', async () => {
      const { refreshToken, email } = await signUp(escrow)
      escrow.clock.advance(31 * DAY)
      expect((await refresh(refreshToken)).status).toBe(401)
      const { body } = await post('/api/auth/login', { email, password: 'a good password' })
      const fresh = body.data.tokens.refreshToken
      expect((await post('/api/auth/logout', { refreshToken: fresh })).status).toBe(200)
      expect((await refresh(fresh)).status).toBe(401)
      expect((await post('/api/auth/logout', { refreshToken: fresh })).status).toBe(200)
    })
  })
}
