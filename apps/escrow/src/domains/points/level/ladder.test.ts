import { expect, test } from 'vitest'
import { defaultLadder, nextStepOf, stepOf } from './ladder.ts'
import { rangesOverlap } from './model.ts'

test.each([
  [-1, 1, 1, 0],
  [0, 1, 2, 1000],
  [999, 1, 2, 1000],
  [1000, 2, 3, 2500],
  [9999, 4, 5, 10000],
])('with %i points one stands at level %i, and next is %i at %i', (points, level, next, minPoints) => {
  expect(stepOf(defaultLadder, points).level).toBe(level)
  if (points >= 0) expect(nextStepOf(defaultLadder, points)).toEqual({ level: next, minPoints })
})

test('at the top there is no next', () => {
  expect(stepOf(defaultLadder, 123_456)).toEqual({ level: 5, minPoints: 10_000 })
  expect(nextStepOf(defaultLadder, 10_000)).toBeNull()
})

test.each([
  ['neighbours that touch', [0, 1000], [1000, 2500], false],
  ['neighbours of the past', [0, 999], [1000, 2499], false],
  ['one inside of the other', [0, 1000], [500, 600], true],
  ['no end', [0, null], [5000, null], true],
  ['an end before the beginning', [900, 100], [0, 1000], false],
  ['no beginning', [null, 1000], [0, 1000], false],
] as const)('%s', (_name, left, right, overlap) => {
  const range = ([minPoints, maxPoints]: readonly [number | null, number | null]) => ({
    minPoints,
    maxPoints,
  })
  expect(rangesOverlap(range(left), range(right))).toBe(overlap)
  expect(rangesOverlap(range(right), range(left))).toBe(overlap)
})
