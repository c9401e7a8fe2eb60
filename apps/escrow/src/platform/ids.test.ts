import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idSchema, newId, parseId, publicId } from './ids.ts'

const hex24 = fc.stringMatching(/^[0-9a-f]{24}$/)

test('an id and its 24 digits are the same thing, in any case', () => {
  fc.assert(
    fc.property(hex24, (hex) => {
      const id = parseId(hex)
      expect(publicId(id)).toBe(hex)
      expect(parseId(id.toUpperCase())).toBe(id)
      expect(parseId(hex.toUpperCase())).toBe(id)
    }),
  )
})

test('the layout is a UUID of version 8 with the mark at its end', () => {
  expect(parseId('0123456789abcdef01234567')).toBe('01234567-89ab-8cde-8f01-2345674c4231')
})

test('ids sort as their ObjectIds do', () => {
  fc.assert(
    fc.property(hex24, hex24, (left, right) => {
      expect(parseId(left) < parseId(right)).toBe(left < right)
    }),
  )
})

test.each([
  '',
  '12',
  '0123456789abcdef0123456',
  '0123456789abcdef0123456g',
  '01234567-89ab-8cde-8f01-234567000000',
  '01234567-89ab-4cde-8f01-2345674c4231',
  ' 0123456789abcdef01234567',
])('%j is not an id', (text) => {
  expect(() => parseId(text)).toThrow(expect.objectContaining({ code: 'INVALID_ID', status: 400 }))
  expect(idSchema.safeParse(text).success).toBe(false)
})

test('new ids differ and carry their time', () => {
  const at = new Date('2026-03-01T10:00:00Z')
  const ids = Array.from({ length: 1000 }, () => newId(at))
  expect(new Set(ids).size).toBe(1000)
  expect(Number.parseInt(publicId(newId(at)).slice(0, 8), 16)).toBe(at.getTime() / 1000)
})
