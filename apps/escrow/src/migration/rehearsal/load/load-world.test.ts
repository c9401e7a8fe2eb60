import { expect, it } from 'vitest'
import { describeLoad, newLoadCounts } from './load-world.ts'

it('says what became of the calls, refusals by their code', () => {
  const counts = { ...newLoadCounts(), refused: 3, unknown: 1, reads: 9, readsRefused: 2 }
  counts.codes.set('UNIT_UNAVAILABLE', 2).set('OFFER_GONE', 1)
  expect(describeLoad(counts)).toBe(
    '3 refused (2 UNIT_UNAVAILABLE, 1 OFFER_GONE), 1 without an answer; 9 reads, 2 of them not served',
  )
})
