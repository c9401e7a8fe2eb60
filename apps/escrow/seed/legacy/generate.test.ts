import { EJSON } from 'bson'
import { expect, it } from 'vitest'
import { generateLegacyData } from './generate.ts'

const textOf = (total: number, seed: number) =>
  EJSON.stringify(generateLegacyData(total, seed), { relaxed: false })

it('gives the same documents for the same seed, and others for another', () => {
  expect(textOf(500, 7)).toBe(textOf(500, 7))
  expect(textOf(500, 7)).not.toBe(textOf(500, 8))
})

it('makes about as many documents as were asked for, in every collection', () => {
  const collections = generateLegacyData(2_000, 1)
  const total = collections.reduce((sum, { documents }) => sum + documents.length, 0)
  expect(total).toBeGreaterThan(1_900)
  expect(total).toBeLessThan(2_100)
  for (const { documents } of collections) expect(documents.length).toBeGreaterThan(0)
})

it('holds no id twice in a collection', () => {
  for (const { collection, documents } of generateLegacyData(5_000, 3)) {
    const ids = new Set(documents.map(({ _id }) => String(_id)))
    expect([collection, ids.size]).toEqual([collection, documents.length])
  }
})

it('holds nothing that a unique index of the old system would have refused', () => {
  const users = generateLegacyData(5_000, 2).find(({ collection }) => collection === 'users')?.documents ?? []
  for (const path of ['email', 'referralCode']) {
    const values = users.map((user) => user[path]).filter((value) => value !== undefined)
    expect([path, new Set(values).size]).toEqual([path, values.length])
  }
  const emails = users
    .map(({ email }) => String(email).toLowerCase())
    .filter((email) => email !== 'undefined')
  expect(new Set(emails).size).toBeLessThan(emails.length)
})

it('is as messy as old data is', () => {
  const text = textOf(5_000, 1)
  for (const sign of [
    'finalized',
    'template-checkout-',
    'SIM_',
    '\\u0000',
    '$numberDecimal',
    '1.50',
    '"NaN"',
  ]) {
    expect(text).toContain(sign)
  }
})
