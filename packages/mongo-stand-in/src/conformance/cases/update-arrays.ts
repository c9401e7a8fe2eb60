import type { ConformanceCase } from '../case.ts'
import { double, long } from './typed-value.ts'
import { updateCases } from './update-row.ts'

export const updateArrays: readonly ConformanceCase[] = [
  ...updateCases('push', [
    {
      name: '$push appends',
      says: '$push appends a value to an array',
      of: { a: [1] },
      change: { $push: { a: 1 } },
      becomes: { a: [1, 1] },
    },
    {
      name: '$push creates the array',
      says: 'if the field is absent, $push adds the array with the value',
      of: {},
      change: { $push: { a: 1 } },
      becomes: { a: [1] },
    },
    {
      name: '$push of an array appends it as one element',
      says: 'an array as the value is appended as a single element; $each appends its elements',
      of: { a: [1] },
      change: { $push: { a: [2, 3] } },
      becomes: { a: [1, [2, 3]] },
    },
    {
      name: '$push with $each',
      says: '$each appends several values',
      of: { a: [1] },
      change: { $push: { a: { $each: [2, 3] } } },
      becomes: { a: [1, 2, 3] },
    },
    {
      name: '$push to what is no array',
      says: '$push to a field that is no array is an error',
      of: { a: 5 },
      change: { $push: { a: 1 } },
      fails: { error: 2 },
    },
    {
      name: '$position',
      page: 'reference/operator/update/position',
      says: '$position names where the values go in, from 0',
      of: { a: [1, 2, 3] },
      change: { $push: { a: { $each: ['x', 'y'], $position: 1 } } },
      becomes: { a: [1, 'x', 'y', 2, 3] },
    },
    {
      name: '$position from the end',
      page: 'reference/operator/update/position',
      says: 'a negative $position counts from the end; -1 is just before the last element',
      of: { a: [1, 2, 3] },
      change: { $push: { a: { $each: ['x'], $position: -1 } } },
      becomes: { a: [1, 2, 'x', 3] },
    },
    {
      name: '$position beyond the end',
      page: 'reference/operator/update/position',
      says: 'a $position beyond the end appends',
      of: { a: [1] },
      change: { $push: { a: { $each: ['x'], $position: 9 } } },
      becomes: { a: [1, 'x'] },
    },
    {
      name: '$position before the start',
      page: 'reference/operator/update/position',
      says: 'a negative $position beyond the start goes to the start',
      of: { a: [1, 2] },
      change: { $push: { a: { $each: ['x'], $position: -9 } } },
      becomes: { a: ['x', 1, 2] },
    },
    {
      name: '$slice of the last elements',
      page: 'reference/operator/update/slice',
      says: 'a negative $slice keeps so many last elements',
      of: { a: [1, 2] },
      change: { $push: { a: { $each: [3, 4], $slice: -3 } } },
      becomes: { a: [2, 3, 4] },
    },
    {
      name: '$slice of the first elements',
      page: 'reference/operator/update/slice',
      says: 'a positive $slice keeps so many first elements',
      of: { a: [1, 2] },
      change: { $push: { a: { $each: [3, 4], $slice: 3 } } },
      becomes: { a: [1, 2, 3] },
    },
    {
      name: '$slice 0',
      page: 'reference/operator/update/slice',
      says: '$slice 0 makes the array empty',
      of: { a: [1, 2] },
      change: { $push: { a: { $each: [3], $slice: 0 } } },
      becomes: { a: [] },
    },
    {
      name: '$slice with nothing to push',
      page: 'reference/operator/update/slice',
      says: 'with an empty $each the array is cut alone',
      of: { a: [1, 2, 3] },
      change: { $push: { a: { $each: [], $slice: -2 } } },
      becomes: { a: [2, 3] },
    },
    {
      name: '$sort of values',
      page: 'reference/operator/update/sort',
      says: '$sort 1 or -1 sorts elements that are no documents',
      of: { a: [3, 1] },
      change: { $push: { a: { $each: [2], $sort: -1 } } },
      becomes: { a: [3, 2, 1] },
    },
    {
      name: '$sort of mixed types',
      page: 'reference/operator/update/sort',
      says: '$sort goes by the order of BSON types',
      of: { a: ['b', 5] },
      change: { $push: { a: { $each: [null, long(3), 'a'], $sort: 1 } } },
      becomes: { a: [null, long(3), 5, 'a', 'b'] },
    },
    {
      name: '$sort of documents by a field',
      page: 'reference/operator/update/sort',
      says: '$sort by a field sorts an array of documents; a missing field is null',
      of: { a: [{ s: 3 }, { s: 1 }] },
      change: { $push: { a: { $each: [{ s: 2 }, { t: 1 }], $sort: { s: 1 } } } },
      becomes: { a: [{ t: 1 }, { s: 1 }, { s: 2 }, { s: 3 }] },
    },
    {
      name: 'modifiers apply in their order, not in the written one',
      page: 'reference/operator/update/push',
      says: 'the array is changed at the position first, then sorted, then cut',
      of: {
        a: [
          { q: 1, s: 10 },
          { q: 2, s: 8 },
        ],
      },
      change: {
        $push: {
          a: {
            $slice: 2,
            $sort: { s: -1 },
            $each: [
              { q: 3, s: 9 },
              { q: 4, s: 11 },
            ],
          },
        },
      },
      becomes: {
        a: [
          { q: 4, s: 11 },
          { q: 1, s: 10 },
        ],
      },
    },
    {
      name: '$each that is no array',
      says: '$each takes an array',
      of: { a: [1] },
      change: { $push: { a: { $each: 2 } } },
      fails: { error: 2 },
    },
  ]),
  ...updateCases('addToSet', [
    {
      name: '$addToSet adds what is not there',
      says: '$addToSet adds a value unless it is in the array',
      of: { a: [1, 'x'] },
      change: { $addToSet: { a: 'y' } },
      becomes: { a: [1, 'x', 'y'] },
    },
    {
      name: '$addToSet leaves what is there',
      says: '$addToSet does nothing if the value is in the array',
      of: { a: [1, 'x'] },
      change: { $addToSet: { a: 'x' } },
      becomes: { a: [1, 'x'] },
    },
    {
      name: '$addToSet with an equal number of another type',
      says: 'a value is in the array if an element compares as equal',
      of: { a: [1] },
      change: { $addToSet: { a: double(1) } },
      becomes: { a: [1] },
    },
    {
      name: '$addToSet of documents minds the order of fields',
      says: 'a document is a duplicate if it has the same fields and values in the same order',
      of: { a: [{ x: 1, y: 2 }] },
      change: {
        $addToSet: {
          a: {
            $each: [
              { y: 2, x: 1 },
              { x: 1, y: 2 },
            ],
          },
        },
      },
      becomes: {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 1 },
        ],
      },
    },
    {
      name: '$addToSet with $each leaves duplicates among its values out',
      says: '$each adds each value that is not there yet',
      of: { a: [1] },
      change: { $addToSet: { a: { $each: [2, 2, 1, 3] } } },
      becomes: { a: [1, 2, 3] },
    },
    {
      name: '$addToSet leaves duplicates that are there',
      says: '$addToSet does not touch duplicates that exist already',
      of: { a: [1, 1] },
      change: { $addToSet: { a: 2 } },
      becomes: { a: [1, 1, 2] },
    },
    {
      name: '$addToSet of an array adds it as one element',
      says: 'an array as the value is added as a single element',
      of: { a: [1] },
      change: { $addToSet: { a: [1, 2] } },
      becomes: { a: [1, [1, 2]] },
    },
    {
      name: '$addToSet creates the array',
      says: 'if the field is absent, $addToSet creates the array',
      of: {},
      change: { $addToSet: { a: 1 } },
      becomes: { a: [1] },
    },
    {
      name: '$addToSet to what is no array',
      says: '$addToSet to a field that is no array is an error',
      of: { a: 'x' },
      change: { $addToSet: { a: 'y' } },
      fails: { error: 2 },
    },
  ]),
  ...updateCases('pull', [
    {
      name: '$pull removes every equal element',
      says: '$pull removes all instances of a value',
      of: { a: [1, 2, 1, double(1), 3] },
      change: { $pull: { a: 1 } },
      becomes: { a: [2, 3] },
    },
    {
      name: '$pull with a condition',
      says: '$pull removes elements that meet a condition',
      of: { a: [1, 5, 9, 'x'] },
      change: { $pull: { a: { $gte: 5 } } },
      becomes: { a: [1, 'x'] },
    },
    {
      name: '$pull with $in',
      says: '$pull takes query operators, $in for example',
      of: { a: ['x', 'y', 'z'] },
      change: { $pull: { a: { $in: ['x', 'z'] } } },
      becomes: { a: ['y'] },
    },
    {
      name: '$pull of documents by some fields',
      says: 'a document as the condition applies to each element as if it were a top-level document',
      of: {
        a: [
          { i: 'A', s: 5 },
          { i: 'B', s: 8, c: 'x' },
          { s: 8, i: 'B' },
        ],
      },
      change: { $pull: { a: { s: 8, i: 'B' } } },
      becomes: { a: [{ i: 'A', s: 5 }] },
    },
    {
      name: '$pull of documents with a condition on a field',
      says: 'conditions apply to the fields of each element',
      of: { a: [{ s: 5 }, { s: 8 }, { t: 1 }] },
      change: { $pull: { a: { s: { $gt: 6 } } } },
      becomes: { a: [{ s: 5 }, { t: 1 }] },
    },
    {
      name: '$pull with $elemMatch in nested arrays',
      says: '$elemMatch in the condition applies to nested arrays',
      of: {
        a: [
          {
            r: [
              { q: 1, v: 4 },
              { q: 2, v: 6 },
            ],
          },
          { r: [{ q: 1, v: 8 }] },
        ],
      },
      change: { $pull: { a: { r: { $elemMatch: { q: 2, v: { $gte: 5 } } } } } },
      becomes: { a: [{ r: [{ q: 1, v: 8 }] }] },
    },
    {
      name: '$pull of an array',
      says: 'an array as the value removes elements that are exactly that array',
      of: { a: [[1, 2], [2, 1], 1] },
      change: { $pull: { a: [1, 2] } },
      becomes: { a: [[2, 1], 1] },
    },
    {
      name: '$pull from a missing field',
      says: 'if the field does not exist, nothing is pulled',
      of: { b: 1 },
      change: { $pull: { a: 1 } },
      becomes: { b: 1 },
    },
    {
      name: '$pull from what is no array',
      says: '$pull from a field that is no array is an error',
      of: { a: 1 },
      change: { $pull: { a: 1 } },
      fails: { error: 2 },
    },
  ]),
  ...updateCases('pullAll', [
    {
      name: '$pullAll removes each listed value',
      says: '$pullAll removes all instances of the listed values',
      of: { a: [0, 2, 5, 5, 1, 0] },
      change: { $pullAll: { a: [0, 5] } },
      becomes: { a: [2, 1] },
    },
    {
      name: '$pullAll of documents minds the order of fields',
      says: 'a document is removed only if it is exactly the listed one, order of fields included',
      of: {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 1 },
        ],
      },
      change: { $pullAll: { a: [{ x: 1, y: 2 }] } },
      becomes: { a: [{ y: 2, x: 1 }] },
    },
  ]),
  ...updateCases('pop', [
    {
      name: '$pop of the last element',
      says: '$pop 1 removes the last element',
      of: { a: [1, 2, 3] },
      change: { $pop: { a: 1 } },
      becomes: { a: [1, 2] },
    },
    {
      name: '$pop of the first element',
      says: '$pop -1 removes the first element',
      of: { a: [1, 2, 3] },
      change: { $pop: { a: -1 } },
      becomes: { a: [2, 3] },
    },
    {
      name: '$pop of the only element',
      says: 'if the last element is removed the array stays, empty',
      of: { a: [1] },
      change: { $pop: { a: 1 } },
      becomes: { a: [] },
    },
    {
      name: '$pop by another number',
      says: '$pop takes 1 or -1',
      of: { a: [1] },
      change: { $pop: { a: 2 } },
      fails: { error: 9 },
    },
    {
      name: '$pop of what is no array',
      says: '$pop of a field that is no array fails',
      of: { a: 1 },
      change: { $pop: { a: 1 } },
      fails: { error: 14 },
    },
  ]),
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
      name: '$ without an array in the query',
      says: 'the array must be part of the query',
      of: { a: [1, 2] },
      change: { $set: { 'a.$': 1 } },
      fails: { error: 2, message: 'positional operator did not find the match' },
    },
  ]),
]
