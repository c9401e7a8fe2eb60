import type { ConformanceCase } from '../case.ts'
import { updateCases } from './update-row.ts'

/** Updates of the elements that `$`, `$[]` and `$[id]` stand for. */
export const updatePositional: readonly ConformanceCase[] = [
  ...updateCases('positional-all', [
    {
      name: '$[] of all elements',
      says: '$[] changes every element of the array',
      of: { a: [1, 2, 3] },
      change: { $inc: { 'a.$[]': 10 } },
      becomes: { a: [11, 12, 13] },
    },
    {
      name: '$[] and a field',
      says: '$[] changes a field of every document in the array',
      of: { a: [{ b: 1 }, { b: 2 }] },
      change: { $set: { 'a.$[].b': 0 } },
      becomes: { a: [{ b: 0 }, { b: 0 }] },
    },
    {
      name: '$[] of nested arrays',
      says: '$[] may be used for nested arrays',
      of: { a: [{ b: [1, 2] }, { b: [3] }] },
      change: { $mul: { 'a.$[].b.$[]': 2 } },
      becomes: { a: [{ b: [2, 4] }, { b: [6] }] },
    },
    {
      name: '$[] and a field of elements that are no documents',
      says: 'a field cannot be created in a value that is no document',
      of: { a: [{ b: 1 }, 5] },
      change: { $set: { 'a.$[].b': 0 } },
      fails: { error: 28 },
    },
    {
      name: '$[] of a missing array',
      says: 'the array must exist for $[]',
      of: {},
      change: { $set: { 'a.$[]': 1 } },
      fails: { error: 2 },
    },
    {
      name: '$[] of an empty array',
      says: '$[] changes every element: of an empty array none',
      of: { a: [] },
      change: { $set: { 'a.$[]': 1 } },
      becomes: { a: [] },
    },
  ]),
  ...updateCases('positional-filtered', [
    {
      name: '$[id] of elements that fit',
      says: '$[id] changes all elements that meet the array filter of that identifier',
      of: { a: [95, 102, 90, 150] },
      change: { $set: { 'a.$[x]': 100 } },
      arrayFilters: [{ x: { $gte: 100 } }],
      becomes: { a: [95, 100, 90, 100] },
    },
    {
      name: '$[id] and a field',
      says: 'the filter may be on a field of the elements',
      of: {
        a: [
          { g: 80, m: 1 },
          { g: 90, m: 1 },
        ],
      },
      change: { $set: { 'a.$[e].m': 9 } },
      arrayFilters: [{ 'e.g': { $gte: 85 } }],
      becomes: {
        a: [
          { g: 80, m: 1 },
          { g: 90, m: 9 },
        ],
      },
    },
    {
      name: '$[id] with two conditions',
      says: 'several conditions on one identifier stand in one filter',
      of: {
        a: [
          { g: 80, s: 9 },
          { g: 90, s: 9 },
          { g: 90, s: 1 },
        ],
      },
      change: { $inc: { 'a.$[e].s': -1 } },
      arrayFilters: [{ 'e.g': { $gte: 85 }, 'e.s': { $gte: 5 } }],
      becomes: {
        a: [
          { g: 80, s: 9 },
          { g: 90, s: 8 },
          { g: 90, s: 1 },
        ],
      },
    },
    {
      name: '$[id] with $or',
      says: 'an array filter may be a compound condition on one identifier',
      of: { a: [1, 5, 9] },
      change: { $set: { 'a.$[e]': 0 } },
      arrayFilters: [{ $or: [{ e: 1 }, { e: { $gt: 8 } }] }],
      becomes: { a: [0, 5, 0] },
    },
    {
      name: 'two identifiers in nested arrays',
      says: 'nested arrays take an identifier each',
      of: {
        a: [
          { t: 'x', q: [5, 9] },
          { t: 'y', q: [9] },
        ],
      },
      change: { $set: { 'a.$[t].q.$[s]': 0 } },
      arrayFilters: [{ 't.t': 'x' }, { s: { $gt: 8 } }],
      becomes: {
        a: [
          { t: 'x', q: [5, 0] },
          { t: 'y', q: [9] },
        ],
      },
    },
    {
      name: '$[id] together with $[]',
      says: '$[id] may be used with $[] for nested arrays',
      of: { a: [{ q: [5, 9] }, { q: [9] }] },
      change: { $set: { 'a.$[].q.$[s]': 0 } },
      arrayFilters: [{ s: { $gt: 8 } }],
      becomes: { a: [{ q: [5, 0] }, { q: [0] }] },
    },
    {
      name: '$unset of $[id]',
      says: '$[id] goes with the update operators; an element that is unset becomes null',
      of: { a: [1, 2, 3] },
      change: { $unset: { 'a.$[e]': '' } },
      arrayFilters: [{ e: 2 }],
      becomes: { a: [1, null, 3] },
    },
    {
      name: '$unset of a field of $[id]',
      says: '$[id] goes with the update operators',
      of: {
        a: [
          { n: 1, t: 1 },
          { n: 2, t: 2 },
        ],
      },
      change: { $unset: { 'a.$[e].t': '' } },
      arrayFilters: [{ 'e.n': 2 }],
      becomes: { a: [{ n: 1, t: 1 }, { n: 2 }] },
    },
    {
      name: '$push to $[id]',
      says: '$[id] goes with the update operators',
      of: {
        a: [
          { n: 1, t: [1] },
          { n: 2, t: [] },
        ],
      },
      change: { $push: { 'a.$[e].t': 9 } },
      arrayFilters: [{ 'e.n': 1 }],
      becomes: {
        a: [
          { n: 1, t: [1, 9] },
          { n: 2, t: [] },
        ],
      },
    },
    {
      name: 'an identifier without a filter',
      says: 'each identifier must have an array filter',
      of: { a: [1] },
      change: { $set: { 'a.$[x]': 1 } },
      arrayFilters: [],
      fails: { error: 2 },
    },
    {
      name: 'a filter without an identifier',
      says: 'each array filter must be used in the update',
      of: { a: [1] },
      change: { $set: { b: 1 } },
      arrayFilters: [{ x: 1 }],
      fails: { error: 9 },
    },
    {
      name: 'two filters for one identifier',
      says: 'there must not be two array filters of one identifier',
      of: { a: [1] },
      change: { $set: { 'a.$[x]': 1 } },
      arrayFilters: [{ x: 1 }, { x: 2 }],
      fails: { error: 9 },
    },
    {
      name: 'an identifier with a capital',
      says: 'an identifier begins with a small letter and has letters and digits',
      of: { a: [1] },
      change: { $set: { 'a.$[X]': 1 } },
      arrayFilters: [{ X: 1 }],
      fails: { error: 2 },
    },
  ]),
  ...updateCases('positional', [
    {
      name: '$ of the element that matched',
      says: '$ stands for the first element that matches the query',
      of: { a: [80, 85, 80] },
      filter: { a: 80 },
      change: { $set: { 'a.$': 82 } },
      becomes: { a: [82, 85, 80] },
    },
    {
      name: '$ and a field',
      says: '$ may be followed by a field of the document that matched',
      of: {
        a: [
          { g: 80, s: 1 },
          { g: 85, s: 2 },
        ],
      },
      filter: { 'a.g': 85 },
      change: { $set: { 'a.$.s': 9 } },
      becomes: {
        a: [
          { g: 80, s: 1 },
          { g: 85, s: 9 },
        ],
      },
    },
    {
      name: '$ with $elemMatch',
      says: '$elemMatch in the query finds the element by several conditions',
      of: {
        a: [
          { g: 80, s: 1 },
          { g: 85, s: 1 },
          { g: 85, s: 2 },
        ],
      },
      filter: { a: { $elemMatch: { g: 85, s: { $gt: 1 } } } },
      change: { $inc: { 'a.$.s': 10 } },
      becomes: {
        a: [
          { g: 80, s: 1 },
          { g: 85, s: 1 },
          { g: 85, s: 12 },
        ],
      },
    },
    {
      name: '$unset of $',
      says: '$unset of $ sets the element to null',
      of: { a: [1, 2, 3] },
      filter: { a: 2 },
      change: { $unset: { 'a.$': '' } },
      becomes: { a: [1, null, 3] },
    },
    {
      name: '$ together with $[id]',
      says: '$ may be used with $[id] for nested arrays',
      of: {
        a: [
          { n: 1, q: [5, 9] },
          { n: 2, q: [5, 9] },
        ],
      },
      filter: { 'a.n': 2 },
      change: { $set: { 'a.$.q.$[s]': 0 } },
      arrayFilters: [{ s: { $gt: 8 } }],
      becomes: {
        a: [
          { n: 1, q: [5, 9] },
          { n: 2, q: [5, 0] },
        ],
      },
    },
    {
      name: '$ without an array in the query',
      says: 'the array must be part of the query',
      of: { a: [1, 2] },
      change: { $set: { 'a.$': 1 } },
      fails: { error: 2, message: 'positional operator did not find the match' },
    },
  ]),
]
