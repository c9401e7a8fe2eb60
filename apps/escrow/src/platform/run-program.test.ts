import { expect, test } from 'vitest'
import { ConfigError } from './config.ts'
import { explain } from './run-program.ts'

const failure = (code: string, message: string) => Object.assign(new Error(message), { code })

test.each([
  [new ConfigError('PORT: a number is expected'), 'CONFIG_INVALID: PORT: a number is expected'],
  [failure('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'), /DATABASE_URL.*127\.0\.0\.1:5432/],
  [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), /DATABASE_URL.*ECONNREFUSED/],
  [failure('3D000', 'database "escrow" does not exist'), /createdb.*"escrow"/],
])('%s is told in words', (error, words) => {
  expect(explain(error)).toMatch(words)
})

test('of a failed query only what the database said is repeated', () => {
  const cause = failure('42P01', 'relation "users" does not exist')
  const text = explain(new Error('Failed query: select secret from users', { cause }))
  expect(text).toMatch(/npm run db:migrate.*relation "users"/)
  expect(text).not.toContain('secret')
})

test('a fault of the program keeps its stack', () => {
  expect(explain(new TypeError('x is not a function'))).toBeNull()
})
