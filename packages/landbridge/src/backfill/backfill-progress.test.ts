import { expect, it } from 'vitest'
import { type CollectionProgress, isWaiting, unitProgress } from './backfill-progress.ts'

const half: CollectionProgress = {
  collection: 'things',
  chunks: 10,
  done: 5,
  pending: 5,
  failed: 0,
  documents: 500,
  expected: 1_000,
  rows: 1_500,
  bytes: 2_000_000,
  quarantined: 0,
  documentsPerSecond: 50,
  bytesPerSecond: 200_000,
}
const whole = { ...half, collection: 'notes', done: 10, pending: 0, documents: 1_000, documentsPerSecond: 0 }

it('tells percent, rates and what is left over all collections', () => {
  expect(unitProgress([half, whole])).toEqual({
    chunks: 20,
    done: 15,
    pending: 5,
    failed: 0,
    documents: 1_500,
    expected: 2_000,
    rows: 3_000,
    megabytes: 4,
    percent: 75,
    documentsPerSecond: 50,
    megabytesPerSecond: 0.4,
    remainingSeconds: 10,
  })
})

it('is whole only when every chunk is done, also where the collection grew or shrank', () => {
  expect(unitProgress([{ ...half, documents: 1_200 }])).toMatchObject({ percent: 99, expected: 1_200 })
  expect(unitProgress([{ ...whole, documents: 400 }])).toMatchObject({
    percent: 100,
    expected: 400,
    remainingSeconds: 0,
  })
  expect(unitProgress([{ ...half, documentsPerSecond: 0 }])).toMatchObject({ remainingSeconds: null })
})

it('waits for pending chunks, until too many have failed', () => {
  expect(isWaiting(half)).toBe(true)
  expect(isWaiting({ ...half, failed: 2 })).toBe(true)
  expect(isWaiting({ ...half, failed: 3 })).toBe(false)
  expect(isWaiting(whole)).toBe(false)
})
