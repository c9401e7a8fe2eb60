import { expect, test } from 'vitest'
import { createCodeHasher, randomCode, randomToken } from './secret-code.ts'

const hasher = createCodeHasher('key')

test('a code matches its hash, for its purpose and under its key alone', () => {
  const stored = hasher.hash('delivery', '123456')
  expect(stored).not.toContain('123456')
  expect(hasher.matches(stored, 'delivery', '123456')).toBe(true)
  expect(hasher.matches(stored, 'delivery', '123457')).toBe(false)
  expect(hasher.matches(stored, 'login', '123456')).toBe(false)
  expect(createCodeHasher('other').matches(stored, 'delivery', '123456')).toBe(false)
})

test('a plain code of the past is accepted, an absent one never', () => {
  expect(hasher.matches('123456', 'delivery', '123456')).toBe(true)
  expect(hasher.matches('123456', 'delivery', '654321')).toBe(false)
  expect(hasher.matches(null, 'delivery', '')).toBe(false)
  expect(hasher.matches('', 'delivery', '')).toBe(false)
})

test('a hash cannot be entered in place of the code', () => {
  const stored = hasher.hash('delivery', '123456')
  expect(hasher.matches(stored, 'delivery', stored)).toBe(false)
})

test('codes have six digits and no leading zero; tokens differ', () => {
  for (let n = 0; n < 200; n += 1) expect(randomCode()).toMatch(/^[1-9]\d{5}$/)
  expect(randomToken()).not.toBe(randomToken())
})
