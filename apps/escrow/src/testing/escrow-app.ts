import { compose } from '../compose.ts'
import { createAuthGuard } from '../platform/auth-guard.ts'
import { type FixedClock, fixedClock } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import type { EffectDelivery } from '../platform/effect-delivery.ts'
import type { HttpApp } from '../platform/http.ts'
import { type EntityId, newId, publicId } from '../platform/ids.ts'
import { silentLogger } from '../platform/logger.ts'
import { type InMemoryMailer, inMemoryMailer } from '../platform/mailer.ts'
import type { Role } from '../platform/roles.ts'
import type { Units } from '../units.ts'

/** Of the seed of 32 sevens: nobody's money. */
const testXpub =
  'xpub6DSwDWBPjdopcHjga5am3iJpVY4Doi7xqydtQWimdyWcM7s7op1GcgCKoy5AVZKn5knFtREQjZmP46Rz48nVB21fg4y8gnqj7yUdvHE7AuE'

export interface Answer {
  status: number
  /** Whatever JSON came; tests look into answers of many shapes. */
  body: ReturnType<typeof JSON.parse>
}

export interface EscrowApp {
  units: Units
  app: HttpApp
  effects: EffectDelivery
  clock: FixedClock
  mailer: InMemoryMailer
  /** Calls a route; `token` is sent as the bearer. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    options?: { body?: object; token?: string },
  ): Promise<Answer>
  /** A token of somebody who may exist in no store: for routes that ask the role alone. */
  tokenFor(role: Role, id?: EntityId): Promise<string>
}

/** For tests: the whole application over `units`, with a clock that stands still and mails that can be read. */
export function escrowApp(units: Units, startAt = '2026-03-01T10:00:00.000Z'): EscrowApp {
  const config = readConfig({ NODE_ENV: 'test', DERIVED_DESTINATION_XPUB: testXpub })
  const clock = fixedClock(startAt)
  const mailer = inMemoryMailer()
  const { app, effects } = compose({ units, config, clock, logger: silentLogger, mailer })
  const guard = createAuthGuard({
    secret: config.jwtSecret,
    accessTokenMinutes: config.accessTokenMinutes,
    clock,
  })
  return {
    units,
    app,
    effects,
    clock,
    mailer,
    async call(method, url, { body, token } = {}) {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const response = await app.inject({
        method,
        url,
        headers,
        ...(body === undefined ? {} : { payload: body }),
      })
      return { status: response.statusCode, body: response.json() }
    },
    tokenFor: (role, id = newId()) => guard.issueAccessToken({ id, role }),
  }
}

/** Signs somebody up over the API and answers their id and tokens. */
export async function signUp(
  { call, mailer }: EscrowApp,
  input: { email?: string; role?: 'buyer' | 'seller'; password?: string; referralCode?: string } = {},
): Promise<{ id: string; email: string; accessToken: string; refreshToken: string }> {
  const { email = `${publicId(newId())}@example.com`, ...rest } = input
  await call('POST', '/api/auth/register', { body: { email, password: 'a good password', ...rest } })
  const code = mailer.lastTo(email)?.data.code
  const { body } = await call('POST', '/api/auth/verify-email-code', { body: { email, code } })
  return { id: body.data.user.id, email, ...body.data.tokens }
}
