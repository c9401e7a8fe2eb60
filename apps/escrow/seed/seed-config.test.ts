import { expect, test } from 'vitest'
import { readSeedConfig } from './seed-config.ts'

const secrets = Object.fromEntries(
  ['JWT_SECRET', 'CODE_HMAC_KEY', 'WEBHOOK_SECRET_KEY', 'TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET'].map(
    (name) => [name, name.repeat(5)],
  ),
)
const database = { DATABASE_URL: 'postgres://escrow@127.0.0.1/escrow' }
const production = { NODE_ENV: 'production', ...secrets }

test('outside of production there is an administrator for whoever tries it out', () => {
  expect(readSeedConfig(database).administrator.email).toBe('admin@example.com')
})

test('an address is lower-cased, as people sign in with it', () => {
  const admin = { ADMIN_EMAIL: 'Root@Example.com', ADMIN_PASSWORD: 'twelve or more' }
  const config = readSeedConfig({ ...database, ...admin })
  expect(config.administrator).toEqual({ email: 'root@example.com', password: 'twelve or more' })
})

test.each([
  ['no password in production', { ...production, ADMIN_EMAIL: 'root@example.com' }, 'ADMIN_PASSWORD'],
  ['a short password', { ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD'],
  ['no address', { ADMIN_EMAIL: 'root' }, 'ADMIN_EMAIL'],
  [
    'default secrets in production',
    { NODE_ENV: 'production', ADMIN_PASSWORD: 'twelve or more' },
    'JWT_SECRET',
  ],
])('%s is refused', (_what, environment, named) => {
  expect(() => readSeedConfig({ ...database, ...environment })).toThrow(named)
})
