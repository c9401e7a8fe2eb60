import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstInOrder } from './first-in-order.ts'

describe('firstInOrder', () => {
  it('gives what sorting and cutting gives, equal items in their order', () => {
    const entries = fc.array(fc.record({ key: fc.integer({ min: 0, max: 5 }), id: fc.integer() }), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(entries, fc.integer({ min: 0, max: 70 }), (items, count) => {
        const byKey = (a: { key: number }, b: { key: number }) => a.key - b.key
        expect(firstInOrder(items, count, byKey)).toEqual(items.toSorted(byKey).slice(0, count))
        expect(firstInOrder(items, Number.POSITIVE_INFINITY, byKey)).toEqual(items.toSorted(byKey))
      }),
      { numRuns: 200 },
    )
  })

  it('keeps no more than it needs', () => {
    const alive = new Set<number>()
    const compare = (a: number, b: number) => {
      alive.add(a).add(b)
      return a - b
    }
    function* many() {
      for (let n = 10_000; n > 0; n--) yield n
    }
    expect(firstInOrder(many(), 3, compare)).toEqual([1, 2, 3])
    expect(alive.size).toBe(10_000)
  })
})
