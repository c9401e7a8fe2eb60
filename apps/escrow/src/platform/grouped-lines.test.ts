import { expect, test } from 'vitest'
import { mergeLines } from './grouped-lines.ts'

test('lines of one group become one, in the order of their words, missing ones last', () => {
  const lines = [
    { status: null, currency: 'USD', count: 1 },
    { status: 'paid', currency: null, count: 2 },
    { status: 'null', currency: 'USD', count: 4 },
    { status: 'paid', currency: 'EUR', count: 8 },
    { status: null, currency: 'USD', count: 16 },
  ]
  const merged = mergeLines(lines, ['status', 'currency'], (known, { count }) => ({
    ...known,
    count: known.count + count,
  }))
  expect(merged).toEqual([
    { status: 'null', currency: 'USD', count: 4 },
    { status: 'paid', currency: 'EUR', count: 8 },
    { status: 'paid', currency: null, count: 2 },
    { status: null, currency: 'USD', count: 17 },
  ])
})
