import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedList } from './sorted-list.ts'

const compare = (a: number, b: number) => a - b
const small = fc.integer({ min: 0, max: 400 })

describe('SortedList', () => {
  it('holds what a sorted array without repetitions would hold, whatever is added and deleted', () => {
    const step = fc.record({ add: fc.boolean(), value: fc.integer({ min: 0, max: 3000 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3000, size: 'max' }), (steps) => {
        const list = new SortedList(compare)
        const model = new Set<number>()
        for (const { add, value } of steps) {
          if (add) expect(list.add(value)).toBe(!model.has(value))
          else expect(list.delete(value)).toBe(model.has(value))
          if (add) model.add(value)
          else model.delete(value)
        }
        expect([...list]).toEqual([...model].sort(compare))
        expect(list.size).toBe(model.size)
      }),
      { numRuns: 20 },
    )
  })

  it('reads the same range forwards and backwards', () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 300 }), small, small, (values, from, to) => {
        const list = new SortedList(compare)
        for (const value of values) list.add(value)
        const expected = [...new Set(values)].filter((value) => value >= from && value <= to).sort(compare)
        const begin = (item: number) => item - from
        const end = (item: number) => item - to
        expect([...list.range(begin, end)]).toEqual(from <= to ? expected : [])
        expect([...list.range(begin, end, true)]).toEqual(from <= to ? expected.toReversed() : [])
      }),
    )
  })

  it('splits blocks and stays in order with many items in random order', () => {
    const list = new SortedList(compare)
    const values = Array.from({ length: 5000 }, (_, at) => (at * 7919) % 5000)
    for (const value of values) list.add(value)
    expect([...list]).toEqual(Array.from({ length: 5000 }, (_, at) => at))
    for (const value of values) if (value % 3 !== 0) list.delete(value)
    expect([...list].every((value) => value % 3 === 0)).toBe(true)
    expect(list.size).toBe(1667)
  })
})
