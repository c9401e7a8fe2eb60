import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareResults } from './compare-results.ts'

it('finds no difference between a result and its copy', () => {
  fc.assert(
    fc.property(fc.object({ withDate: true, withBigInt: true, withMap: false }), (result) => {
      expect(compareResults(result, structuredClone(result))).toEqual([])
    }),
  )
})

it('names the path and both values', () => {
  const left = { total: '3', items: [{ price: '1.50', at: new Date(0) }] }
  const right = { total: '3', items: [{ price: '1.5', at: new Date(0) }] }
  expect(compareResults(left, right)).toEqual([{ path: 'items[0].price', authority: '1.50', other: '1.5' }])
})

it('sees a longer list, another order, and null where the other has nothing', () => {
  expect(compareResults({ a: [1] }, { a: [1, 2] })).toHaveLength(1)
  expect(compareResults([1, 2], [2, 1])).toHaveLength(2)
  expect(compareResults({ a: null }, {})).toEqual([{ path: 'a', authority: null, other: undefined }])
  expect(compareResults({ a: undefined }, {})).toEqual([])
})
