import type { Document } from 'bson'
import { expect, it } from 'vitest'
import { asStored, exactly } from '../bson/as-stored.ts'
import { compileQuery } from './compile-query.ts'
import { compileProjection } from './project.ts'

const DOCUMENT = { _id: 1, a: { b: 1, c: 2 }, d: [{ e: 1, f: 2 }, 5, { e: 3 }], g: [1, 2, 3, 4] }

it.each<[projection: Document, expected: Document]>([
  [{}, DOCUMENT],
  [{ a: 1 }, { _id: 1, a: { b: 1, c: 2 } }],
  [
    { g: true, a: true, _id: false },
    { a: { b: 1, c: 2 }, g: [1, 2, 3, 4] },
  ],
  [{ 'a.b': 1 }, { _id: 1, a: { b: 1 } }],
  [{ a: { b: 1 } }, { _id: 1, a: { b: 1 } }],
  [{ 'd.e': 1 }, { _id: 1, d: [{ e: 1 }, { e: 3 }] }],
  [{ 'g.x': 1 }, { _id: 1, g: [] }],
  [
    { d: 0, g: 0 },
    { _id: 1, a: { b: 1, c: 2 } },
  ],
  [
    { 'd.e': 0, a: 0, g: 0 },
    { _id: 1, d: [{ f: 2 }, 5, {}] },
  ],
  [{ _id: 1 }, { _id: 1 }],
  [{ _id: 0, a: 0, d: 0 }, { g: [1, 2, 3, 4] }],
  [
    { g: { $slice: -2 }, a: 0, d: 0 },
    { _id: 1, g: [3, 4] },
  ],
  [
    { g: { $slice: [1, 2] }, a: 1 },
    { _id: 1, a: { b: 1, c: 2 }, g: [2, 3] },
  ],
  [{ d: { $elemMatch: { e: 3 } } }, { _id: 1, d: [{ e: 3 }] }],
  [{ d: { $elemMatch: { e: 9 } } }, { _id: 1 }],
  [{ sum: { $add: ['$a.b', '$a.c'] }, _id: 0 }, { sum: 3 }],
])('%j', (projection, expected) => {
  expect(exactly(compileProjection(asStored(projection))(asStored(DOCUMENT)))).toBe(exactly(expected))
})

it('projects the element that the query has matched', () => {
  const query = compileQuery(asStored({ g: { $gt: 2 } }))
  expect(compileProjection({ 'g.$': 1 }, { query })(DOCUMENT)).toEqual({ _id: 1, g: [3] })
})

it.each([
  [{ a: 1, d: 0 }, 31254],
  [{ a: 0, d: 1 }, 31253],
  [{ a: 1, 'a.b': 1 }, 31249],
  [{ score: { $meta: 'textScore' } }, 238],
])('refuses %j with code %i', (projection, code) => {
  expect(() => compileProjection(projection)).toThrow(expect.objectContaining({ code }))
})
