import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const DATABASE_URL = 'postgres://escrow@127.0.0.1/escrow'
const secret = 'a secret of at least thirty-two characters'

test('development starts with nothing set but its database', () => {
  expect(readConfig({ DATABASE_URL })).toMatchObject({
    environment: 'development',
    platformFeeBps: 250,
    accessTokenMinutes: 15,
  })
})

test('production refuses to start with a default secret, and names it', () => {
  const env = { DATABASE_URL, NODE_ENV: 'production', JWT_SECRET: secret, CODE_HMAC_KEY: secret }
  expect(() => readConfig(env)).toThrow(/WEBHOOK_SECRET_KEY/)
  expect(() => readConfig(env)).not.toThrow(/JWT_SECRET/)
  const telegram = { TELEGRAM_BOT_TOKEN: secret, TELEGRAM_WEBHOOK_SECRET: secret }
  expect(readConfig({ ...env, ...telegram, WEBHOOK_SECRET_KEY: secret })).toMatchObject({
    environment: 'production',
  })
})

test('every value that makes no sense is named at once, without its content', () => {
  const env = { DATABASE_URL, PORT: 'http', JWT_SECRET: 'too short' }
  expect(() => readConfig(env)).toThrow(/PORT.*JWT_SECRET/)
  expect(() => readConfig(env)).not.toThrow(/too short/)
})

test('a database is never guessed: the variable is named, and what to do', () => {
  expect(() => readConfig({})).toThrow(/DATABASE_URL is not set: export DATABASE_URL=postgres:/)
  expect(() => readConfig({ DATABASE_URL: 'mysql://localhost' })).toThrow(/DATABASE_URL.*postgres:/)
})
