import type { Document } from 'bson'
import { expect, it } from 'vitest'
import { asStored } from '../bson/as-stored.ts'
import { compileSort, sortDocuments } from './sort.ts'

const DOCUMENTS = [
  { _id: 'low', v: [3, 5] },
  { _id: 'wide', v: [1, 9] },
  { _id: 'four', v: 4 },
  { _id: 'empty', v: [] },
  { _id: 'null', v: null },
  { _id: 'none' },
].map(asStored)

const ids = (documents: Document[]) => documents.map(({ _id }) => _id)

it.each([
  [{ v: 1 }, ['empty', 'null', 'none', 'wide', 'low', 'four']],
  [{ v: -1 }, ['wide', 'low', 'four', 'null', 'none', 'empty']],
  [{ v: 1, _id: -1 }, ['empty', 'null', 'none', 'wide', 'low', 'four']],
])('sorts by %j: %j', (spec, expected) => {
  expect(ids(sortDocuments(DOCUMENTS, spec))).toEqual(expected)
  expect(ids(DOCUMENTS.toSorted(compileSort(spec)))).toEqual(expected)
})

it('refuses another direction than 1 and -1', () => {
  expect(() => compileSort({ a: 2 })).toThrow(expect.objectContaining({ code: 15975 }))
})
