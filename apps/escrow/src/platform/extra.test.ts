import { expect, test } from 'vitest'
import { keptInteger } from './extra.ts'

test.each([
  [{ $numberInt: '7' }, 7],
  [{ $numberDouble: '7.0' }, 7],
  [{ $numberDouble: '-0.0' }, 0],
  [{ $numberLong: '7' }, 7],
  [{ $numberDecimal: '7.00' }, 7],
  ['7', 7],
  ['7.0', 7],
  ['-7', -7],
  [{ $numberDouble: '7.5' }, null],
  [{ $numberDouble: 'NaN' }, null],
  [{ $numberLong: '3000000000' }, null],
  [{ $oid: '000000000000000000000007' }, null],
  ['7.5', null],
  ['1e3', null],
  ['seven', null],
  ['', null],
  [true, null],
  [null, null],
])('%j kept for a whole number is %j', (value, expected) => {
  expect(keptInteger({ minPoints: { reason: 'unique', value } }, 'minPoints')).toBe(expected)
})

test('nothing kept is nothing', () => {
  expect(keptInteger(null, 'minPoints')).toBeNull()
  expect(keptInteger({ other: 1 }, 'minPoints')).toBeNull()
})
