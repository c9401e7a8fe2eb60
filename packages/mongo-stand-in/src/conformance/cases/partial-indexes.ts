import type { ConformanceCase } from '../case.ts'

/** Sparse and partial indexes: what they constrain, and that no query loses documents by them. */
export const partialIndexes: readonly ConformanceCase[] = [
  {
    name: 'a sparse unique index lets many lack the field',
    page: 'core/index-sparse',
    says: 'a sparse index skips documents without the field, so that many may lack it',
    given: { documents: [{ _id: 1 }], indexes: [{ key: { a: 1 }, unique: true, sparse: true }] },
    when: { insert: [{ _id: 2 }] },
    gives: { ids: [1, 2] },
  },
  {
    name: 'a sparse unique index has null',
    page: 'core/index-sparse',
    says: 'a sparse index holds documents whose field is null',
    given: { documents: [{ _id: 1, a: null }], indexes: [{ key: { a: 1 }, unique: true, sparse: true }] },
    when: { insert: [{ _id: 2, a: null }] },
    gives: { error: 11000 },
  },
  {
    name: 'a sparse index is not used where it would lose documents',
    page: 'core/index-sparse',
    says: 'a sparse index is not used for a sort or a query if the result would be incomplete',
    given: {
      documents: [{ _id: 1, a: 2 }, { _id: 2 }, { _id: 3, a: 1 }],
      indexes: [{ key: { a: 1 }, sparse: true }],
    },
    when: { find: {}, sort: { a: 1 } },
    gives: { ids: [2, 3, 1] },
  },
  {
    name: 'a sparse index is not used for null',
    page: 'core/index-sparse',
    says: 'a sparse index is not used if the result would be incomplete: null matches missing fields',
    given: { documents: [{ _id: 1, a: null }, { _id: 2 }], indexes: [{ key: { a: 1 }, sparse: true }] },
    when: { find: { a: null } },
    gives: { ids: [1, 2] },
  },
  {
    name: 'a hint for a sparse index gives what is in it',
    page: 'core/index-sparse',
    says: 'with a hint a sparse index is used although the result is incomplete',
    given: {
      documents: [{ _id: 1, a: 2 }, { _id: 2 }, { _id: 3, a: 1 }],
      indexes: [{ key: { a: 1 }, sparse: true }],
    },
    when: { find: {}, sort: { a: 1 }, hint: { a: 1 } },
    gives: { ids: [3, 1] },
  },
  {
    name: 'a partial unique index constrains what fits its filter',
    page: 'core/index-partial',
    says: 'the constraint holds for documents that meet the filter',
    given: {
      documents: [{ _id: 1, a: 'x', on: true }],
      indexes: [{ key: { a: 1 }, unique: true, partialFilterExpression: { on: true } }],
    },
    when: {
      insert: [
        { _id: 2, a: 'x', on: false },
        { _id: 3, a: 'x' },
        { _id: 4, a: 'x', on: true },
      ],
    },
    gives: {
      error: 11000,
      after: [
        { _id: 1, a: 'x', on: true },
        { _id: 2, a: 'x', on: false },
        { _id: 3, a: 'x' },
      ],
    },
  },
  {
    name: 'an update may bring a document into a partial index',
    page: 'core/index-partial',
    says: 'the constraint holds for documents that meet the filter, also after an update',
    given: {
      documents: [
        { _id: 1, a: 'x', n: 9 },
        { _id: 2, a: 'x', n: 1 },
      ],
      indexes: [{ key: { a: 1 }, unique: true, partialFilterExpression: { n: { $gt: 5 } } }],
    },
    when: { updateOne: { _id: 2 }, with: { $set: { n: 6 } } },
    gives: {
      error: 11000,
      after: [
        { _id: 1, a: 'x', n: 9 },
        { _id: 2, a: 'x', n: 1 },
      ],
    },
  },
  {
    name: 'a partial index is not used where it would lose documents',
    page: 'core/index-partial',
    says: 'a partial index is used only if the query is sure to select from its documents',
    given: {
      documents: [
        { _id: 1, a: 'x', n: 1 },
        { _id: 2, a: 'x', n: 9 },
      ],
      indexes: [{ key: { a: 1 }, partialFilterExpression: { n: { $gt: 5 } } }],
    },
    when: { find: { a: 'x' } },
    gives: { ids: [1, 2] },
  },
  {
    name: 'a partial index is not used for a wider range',
    page: 'core/index-partial',
    says: 'a partial index is used only if the query is sure to select from its documents',
    given: {
      documents: [
        { _id: 1, a: 'x', n: 4 },
        { _id: 2, a: 'x', n: 9 },
        { _id: 3, a: 'x', n: 1 },
      ],
      indexes: [{ key: { a: 1 }, partialFilterExpression: { n: { $gt: 5 } } }],
    },
    when: { find: { a: 'x', n: { $gt: 3 } } },
    gives: { ids: [1, 2] },
  },
  {
    name: 'a partial index for a narrower range',
    page: 'core/index-partial',
    says: 'a query whose range lies in that of the filter may use the index and finds what it would without',
    given: {
      documents: [
        { _id: 1, a: 'x', n: 6 },
        { _id: 2, a: 'x', n: 9 },
        { _id: 3, a: 'x', n: 5 },
      ],
      indexes: [{ key: { a: 1 }, partialFilterExpression: { n: { $gt: 5 } } }],
    },
    when: { find: { a: 'x', n: { $gte: 6 } }, hint: 'a_1' },
    gives: { ids: [1, 2] },
  },
  {
    name: 'a partial index at the border of its range',
    page: 'core/index-partial',
    says: 'a partial index is used only if the query is sure to select from its documents',
    given: {
      documents: [
        { _id: 1, a: 'x', n: 5 },
        { _id: 2, a: 'x', n: 9 },
      ],
      indexes: [{ key: { a: 1 }, partialFilterExpression: { n: { $gt: 5 } } }],
    },
    when: { find: { a: 'x', n: { $gte: 5 } } },
    gives: { ids: [1, 2] },
  },
  {
    name: 'a partial index with null in its filter',
    page: 'core/index-partial',
    says: 'a partial index is used only if the query is sure to select from its documents',
    given: {
      documents: [
        { _id: 1, a: 'x', n: 5 },
        { _id: 2, a: 'x' },
      ],
      indexes: [{ key: { a: 1 }, partialFilterExpression: { n: null } }],
    },
    when: { find: { a: 'x' } },
    gives: { ids: [1, 2] },
  },
  {
    name: 'a partial index for $exists',
    page: 'core/index-partial',
    says: 'a partial index of fields that exist finds those that a query of a value selects',
    given: {
      documents: [
        { _id: 1, a: 'x', n: 4 },
        { _id: 2, a: 'x' },
        { _id: 3, a: 'y', n: 1 },
      ],
      indexes: [{ key: { a: 1 }, partialFilterExpression: { n: { $exists: true } } }],
    },
    when: { find: { a: 'x', n: { $exists: true } } },
    gives: { ids: [1] },
  },
  {
    name: 'sparse and partial exclude each other',
    page: 'core/index-partial',
    says: 'an index cannot have both the partial filter and the sparse option',
    given: [],
    when: {
      createIndex: { a: 1 },
      options: { sparse: true, partialFilterExpression: { a: { $exists: true } } },
    },
    gives: { error: 67 },
  },
]
