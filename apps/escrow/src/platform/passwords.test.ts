import { hash as bcrypt } from '@node-rs/bcrypt'
import { expect, it } from 'vitest'
import { argon2Passwords, isBcrypt, isPasswordHash } from './passwords.ts'

const passwords = argon2Passwords()

it('makes argon2id and knows its own', async () => {
  const stored = await passwords.hash('correct horse')
  expect(stored).toMatch(/^\$argon2id\$/)
  expect(await passwords.matches(stored, 'correct horse')).toBe(true)
  expect(await passwords.matches(stored, 'wrong horse')).toBe(false)
})

it('accepts the bcrypt of the legacy system', async () => {
  const stored = await bcrypt('old secret', { cost: 4 })
  expect(isBcrypt(stored) && isPasswordHash(stored)).toBe(true)
  expect(await passwords.matches(stored, 'old secret')).toBe(true)
  expect(await passwords.matches(stored, 'new secret')).toBe(false)
})

it('lets nobody in with a hash that nobody can check, or with none', async () => {
  expect(await passwords.matches('$2b$10$short', '')).toBe(false)
  expect(await passwords.matches('plain', 'plain')).toBe(false)
  expect(await passwords.matches(null, '')).toBe(false)
})
