import { describe, expect, it } from 'vitest'
import { asStored } from '../bson/as-stored.ts'
import { splitFront, usedOfSort } from './pipeline-front.ts'

function split(...stages: object[]) {
  const { list } = asStored({ list: stages })
  const { filter, sort, skip, limit, rest } = splitFront(list)
  return {
    filters: filter.$and?.length ?? Object.keys(filter).length,
    sorts: sort !== undefined,
    skip,
    limit,
    rest: rest.length,
  }
}

describe('the front of a pipeline', () => {
  const match = { $match: { a: 1 } }
  const sort = { $sort: { a: 1 } }
  it.each([
    [[], { filters: 0, sorts: false, skip: 0, limit: 0, rest: 0 }],
    [
      [match, match, sort, match, { $skip: 2 }, { $limit: 3 }, sort],
      { filters: 3, sorts: true, skip: 2, limit: 3, rest: 1 },
    ],
    [[{ $limit: 3 }, { $skip: 1 }], { filters: 0, sorts: false, skip: 0, limit: 3, rest: 1 }],
    [[{ $limit: 3 }, match], { filters: 0, sorts: false, skip: 0, limit: 3, rest: 1 }],
    [[sort, { $limit: 0 }], { filters: 0, sorts: true, skip: 0, limit: 0, rest: 1 }],
    [[{ $skip: -1 }], { filters: 0, sorts: false, skip: 0, limit: 0, rest: 1 }],
    [[{ $unset: 'a' }, match], { filters: 0, sorts: false, skip: 0, limit: 0, rest: 2 }],
  ])('%j', (stages, expected) => {
    expect(split(...stages)).toEqual(expected)
  })

  it('knows how much of a sort is used', () => {
    expect(usedOfSort([{ $limit: 2 }])).toBe(2)
    expect(usedOfSort([{ $skip: 3 }, { $limit: 2 }])).toBe(5)
    expect(usedOfSort([{ $skip: 3 }])).toBe(Number.POSITIVE_INFINITY)
    expect(usedOfSort([match, { $limit: 2 }])).toBe(Number.POSITIVE_INFINITY)
  })
})
