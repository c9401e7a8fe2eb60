import type { ConformanceCase } from '../case.ts'
import { decimal, double, long } from './typed-value.ts'

const unique = 'core/index-unique'
const multikey = 'core/indexes/index-types/index-multikey'

/** What a unique index refuses, and what no index holds. */
export const uniqueIndexes: readonly ConformanceCase[] = [
  {
    name: 'a unique index refuses an equal value',
    page: unique,
    says: 'a unique index lets no two documents have the same value; the error names key and value',
    given: { documents: [{ _id: 1, a: 'x' }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: { insert: [{ _id: 2, a: 'x' }] },
    gives: { error: 11000, message: 'E11000 duplicate key error', after: [{ _id: 1, a: 'x' }] },
  },
  {
    name: 'the error of an update names key and value',
    page: unique,
    says: 'a duplicate key error tells the pattern and the value of the key',
    given: {
      documents: [
        { _id: 1, a: 'x' },
        { _id: 2, a: 'y' },
      ],
      indexes: [{ key: { a: 1 }, unique: true }],
    },
    when: { findOneAndUpdate: { _id: 2 }, with: { $set: { a: 'x' } } },
    gives: { error: 11000, details: { keyPattern: { a: 1 }, keyValue: { a: 'x' } } },
  },
  {
    name: '_id is unique',
    page: 'core/document',
    says: 'the _id is unique in its collection',
    given: [{ _id: 1 }],
    when: { insert: [{ _id: double(1) }] },
    gives: { error: 11000, after: [{ _id: 1 }] },
  },
  {
    name: 'equal numbers of different types are duplicates',
    page: unique,
    says: 'values are the same if they compare as equal',
    given: { documents: [{ _id: 1, a: 1 }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: { insert: [{ _id: 2, a: decimal('1.0') }] },
    gives: { error: 11000 },
  },
  {
    name: 'neighbours beyond 2^53 are no duplicates',
    page: unique,
    says: 'values are the same if they compare as equal',
    given: {
      documents: [{ _id: 1, a: long('9007199254740993') }],
      indexes: [{ key: { a: 1 }, unique: true }],
    },
    when: { insert: [{ _id: 2, a: double(9007199254740992) }] },
    gives: { ids: [1, 2] },
  },
  {
    name: 'one document may lack the field',
    page: unique,
    says: 'a document without the field is stored with null in a unique index',
    given: { documents: [{ _id: 1, a: 1 }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: { insert: [{ _id: 2 }] },
    gives: { ids: [1, 2] },
  },
  {
    name: 'two documents may not lack the field',
    page: unique,
    says: 'because of the null only one document may lack the field',
    given: { documents: [{ _id: 1 }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: { insert: [{ _id: 2 }] },
    gives: { error: 11000 },
  },
  {
    name: 'null and missing are duplicates',
    page: unique,
    says: 'a document without the field is stored with null',
    given: { documents: [{ _id: 1, a: null }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: { insert: [{ _id: 2 }] },
    gives: { error: 11000 },
  },
  {
    name: 'a compound unique index wants the combination',
    page: unique,
    says: 'a unique compound index is unique in the combination of its values',
    given: { documents: [{ _id: 1, a: 1, b: 1 }], indexes: [{ key: { a: 1, b: -1 }, unique: true }] },
    when: {
      insert: [
        { _id: 2, a: 1, b: 2 },
        { _id: 3, a: 2, b: 1 },
        { _id: 4, a: 1, b: 1 },
      ],
    },
    gives: {
      error: 11000,
      after: [
        { _id: 1, a: 1, b: 1 },
        { _id: 2, a: 1, b: 2 },
        { _id: 3, a: 2, b: 1 },
      ],
    },
  },
  {
    name: 'documents in another order of fields are no duplicates',
    page: unique,
    says: 'embedded documents are the same if they have the same fields in the same order',
    given: { documents: [{ _id: 1, a: { x: 1, y: 2 } }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: { insert: [{ _id: 2, a: { y: 2, x: 1 } }] },
    gives: { ids: [1, 2] },
  },
  {
    name: 'a unique multikey index across documents',
    page: multikey,
    says: 'the unique constraint holds across documents: no element may be in another one’s array',
    given: { documents: [{ _id: 1, a: [1, 2] }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: { insert: [{ _id: 2, a: [3, 2] }] },
    gives: { error: 11000 },
  },
  {
    name: 'a unique multikey index in one document',
    page: multikey,
    says: 'one document may have an element twice',
    given: { documents: [{ _id: 1, a: [1] }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: { insert: [{ _id: 2, a: [5, 5] }] },
    gives: { ids: [1, 2] },
  },
  {
    name: 'a unique index on a path into an array',
    page: multikey,
    says: 'an index on a field of documents in an array has a key for each of them',
    given: {
      documents: [{ _id: 1, a: [{ b: 1 }, { b: 2 }] }],
      indexes: [{ key: { 'a.b': 1 }, unique: true }],
    },
    when: { insert: [{ _id: 2, a: { b: 2 } }] },
    gives: { error: 11000 },
  },
  {
    name: 'a unique index on two fields of an array’s documents pairs them',
    page: multikey,
    says: 'keys of a compound index take their values from the same document of the array',
    given: {
      documents: [
        {
          _id: 1,
          a: [
            { b: 1, c: 2 },
            { b: 3, c: 4 },
          ],
        },
      ],
      indexes: [{ key: { 'a.b': 1, 'a.c': 1 }, unique: true }],
    },
    when: {
      insert: [
        { _id: 2, a: [{ b: 1, c: 4 }] },
        { _id: 3, a: { b: 3, c: 4 } },
      ],
    },
    gives: {
      error: 11000,
      details: {},
      after: [
        {
          _id: 1,
          a: [
            { b: 1, c: 2 },
            { b: 3, c: 4 },
          ],
        },
        { _id: 2, a: [{ b: 1, c: 4 }] },
      ],
    },
  },
  {
    name: 'parallel arrays cannot be indexed',
    page: multikey,
    says: 'a document may have an array in at most one field of a compound index; an insert that breaks this fails',
    given: { documents: [{ _id: 1, a: [1], b: 1 }], indexes: [{ key: { a: 1, b: 1 } }] },
    when: {
      insert: [
        { _id: 2, a: 1, b: [1] },
        { _id: 3, a: [1], b: [2] },
      ],
    },
    gives: {
      error: 171,
      after: [
        { _id: 1, a: [1], b: 1 },
        { _id: 2, a: 1, b: [1] },
      ],
    },
  },
  {
    name: 'an index over parallel arrays cannot be created',
    page: multikey,
    says: 'a compound index cannot be created if a document has arrays in two of its fields',
    given: [{ _id: 1, a: [1], b: [2] }],
    when: { createIndex: { a: 1, b: 1 } },
    gives: { error: 171 },
  },
  {
    name: 'an update may keep its own value',
    page: unique,
    says: 'the constraint holds between documents',
    given: { documents: [{ _id: 1, a: 'x', n: 1 }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: { updateOne: { _id: 1 }, with: { $set: { a: 'x', n: 2 } } },
    gives: [{ _id: 1, a: 'x', n: 2 }],
  },
  {
    name: 'a value is free after its document is gone',
    page: unique,
    says: 'the constraint holds between documents that there are',
    given: { documents: [{ _id: 1, a: 'x' }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: [{ deleteOne: { _id: 1 } }, { insert: [{ _id: 2, a: 'x' }] }],
    gives: [{ _id: 2, a: 'x' }],
  },
  {
    name: 'a value is free after its document has another',
    page: unique,
    says: 'the constraint holds between values that there are',
    given: { documents: [{ _id: 1, a: 'x' }], indexes: [{ key: { a: 1 }, unique: true }] },
    when: [{ updateOne: { _id: 1 }, with: { $set: { a: 'y' } } }, { insert: [{ _id: 2, a: 'x' }] }],
    gives: [
      { _id: 1, a: 'y' },
      { _id: 2, a: 'x' },
    ],
  },
  {
    name: 'a unique index over duplicates is refused',
    page: unique,
    says: 'a unique index cannot be created on a field with duplicate values',
    given: [
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ],
    when: { createIndex: { a: 1 }, options: { unique: true } },
    gives: { error: 11000 },
  },
]
