import { expect, test } from 'vitest'
import { isStanding, mayMoveOffer } from './states.ts'

test('an old "active" acts as pending', () => {
  expect(mayMoveOffer('active', 'accepted', 'buyer')).toBe(true)
  expect(mayMoveOffer('active', 'withdrawn', 'seller')).toBe(true)
  expect(isStanding('active')).toBe(true)
})

test('only open offers are withdrawn, and only by their seller or by time', () => {
  expect(mayMoveOffer('accepted', 'withdrawn', 'seller')).toBe(false)
  expect(mayMoveOffer('pending', 'withdrawn', 'buyer')).toBe(false)
  expect(mayMoveOffer('rejected', 'accepted', 'buyer')).toBe(false)
  expect(mayMoveOffer('withdrawn', 'accepted', 'system')).toBe(false)
})
