import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ElementPlace } from '../target/elements.ts'
import { type ArrayChange, planArrayChange } from './array-change.ts'

/** The named ones that exist, each between its nearest neighbours that are not named. */
function placesIn(wanted: readonly string[], named: ReadonlySet<string>): ElementPlace[] {
  return wanted.flatMap((id, i) => {
    if (!named.has(id)) return []
    const before = wanted.slice(0, i).findLast((other) => !named.has(other)) ?? null
    const after = wanted.slice(i + 1).find((other) => !named.has(other)) ?? null
    return [{ id, before, after }]
  })
}

function applied(held: readonly string[], change: ArrayChange): string[] {
  const array = held.filter((id) => !change.deleted.includes(id))
  for (const { ids, at } of change.inserted) array.splice(at ?? array.length, 0, ...ids)
  return array
}

function plan(held: readonly string[], wanted: readonly string[], named: readonly string[]) {
  const at = new Map(held.map((id, i) => [id, i]))
  return planArrayChange(named, placesIn(wanted, new Set(named)), { size: held.length, at })
}

describe('planArrayChange', () => {
  it('G1: puts an element that was numbered first and committed last before the later one', () => {
    const change = plan(['a', 'c'], ['a', 'b', 'c'], ['b'])
    expect(change).toEqual({ kept: [], deleted: [], inserted: [{ ids: ['b'], at: 1 }] })
  })

  it('appends without naming a place', () => {
    expect(plan(['a'], ['a', 'b', 'c'], ['b', 'c'])?.inserted).toEqual([{ ids: ['b', 'c'], at: undefined }])
  })

  it('G2: never inserts what the array holds', () => {
    expect(plan(['a', 'b'], ['a', 'b'], ['b'])).toEqual({
      kept: [{ id: 'b', at: 1 }],
      deleted: [],
      inserted: [],
    })
  })

  it('gives up where the array differs in more than the named elements', () => {
    expect(plan(['c'], ['a', 'b', 'c'], ['b'])).toBeUndefined()
    expect(plan(['a', 'b', 'c'], ['b', 'a', 'c'], ['b'])).toBeUndefined()
    expect(plan(['b', 'a'], ['a', 'b'], ['a', 'b'])).toBeUndefined()
  })

  it('turns any array into any other that differs in the named elements', () => {
    const arrays = fc.uniqueArray(fc.integer({ min: 0, max: 15 }).map(String), { maxLength: 12 })
    fc.assert(
      fc.property(arrays, arrays, fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }), (a, b, flags) => {
        // Postgres keeps a total order; MongoDB holds the same elements in that order, as far as they are not named.
        const order = [...b, ...a.filter((id) => !b.includes(id))]
        const named = order.filter((id) => flags[Number(id)] || a.includes(id) !== b.includes(id))
        const held = order.filter((id) => a.includes(id))
        const change = plan(held, b, named)
        if (change === undefined) throw new Error('gave up')
        expect(applied(held, change)).toEqual(b)
      }),
    )
  })
})
