import type { ConformanceCase } from '../case.ts'
import { date, double, long } from './typed-value.ts'

const multikey = 'core/indexes/index-types/index-multikey'
const mixed: readonly unknown[] = [
  3,
  'b',
  null,
  [7, 1],
  { x: 1 },
  date('2020-01-01'),
  double(2.5),
  long(9),
  true,
  'a',
]
const mixedDocuments = mixed.map((a, at) => ({ _id: at, a }))

/** How indexes are made, and that an index changes how documents are found and never which. */
export const indexUse: readonly ConformanceCase[] = [
  {
    name: 'two fields of an array’s documents are met by two of them',
    page: 'core/multikey-index-bounds',
    says: 'without $elemMatch two documents of the array may meet the two conditions, with an index too',
    given: {
      documents: [
        {
          _id: 1,
          a: [
            { b: 1, c: 2 },
            { b: 3, c: 4 },
          ],
        },
        { _id: 2, a: [{ b: 1, c: 2 }] },
      ],
      indexes: [{ key: { 'a.b': 1, 'a.c': 1 } }],
    },
    when: { find: { 'a.b': 1, 'a.c': 4 } },
    gives: { ids: [1] },
  },
  {
    name: 'an index may be created again',
    page: 'reference/command/createIndexes',
    says: 'creating an index that exists changes nothing and succeeds',
    given: { indexes: [{ key: { a: 1 } }] },
    when: { createIndex: { a: 1 } },
    gives: { result: 'a_1' },
  },
  {
    name: 'an index of the same name and another key',
    page: 'reference/command/createIndexes',
    says: 'an index cannot be created with the name of another',
    given: { indexes: [{ key: { a: 1 }, name: 'one' }] },
    when: { createIndex: { b: 1 }, options: { name: 'one' } },
    gives: { error: 86 },
  },
  {
    name: 'an index of the same key and another name',
    page: 'reference/command/createIndexes',
    says: 'an index cannot be created twice under two names',
    given: { indexes: [{ key: { a: 1 }, name: 'one' }] },
    when: { createIndex: { a: 1 }, options: { name: 'two' } },
    gives: { error: 85 },
  },
  {
    name: 'an index of the same name and other options',
    page: 'reference/command/createIndexes',
    says: 'the options of an index cannot be changed by creating it again',
    given: { indexes: [{ key: { a: 1 } }] },
    when: { createIndex: { a: 1 }, options: { unique: true } },
    gives: { error: 86 },
  },
  {
    name: 'the names of indexes',
    page: 'reference/command/createIndexes',
    says: 'without a name an index is named by its keys and directions',
    given: [],
    when: { createIndex: { a: 1, 'b.c': -1 } },
    gives: { result: 'a_1_b.c_-1' },
  },
  {
    name: 'the index on _id cannot be dropped',
    page: 'reference/command/dropIndexes',
    says: 'the index on _id cannot be dropped',
    given: [{ _id: 1 }],
    when: { command: { dropIndexes: 'things', index: '_id_' } },
    gives: { error: 72 },
  },
  {
    name: 'an index that does not exist cannot be dropped',
    page: 'reference/command/dropIndexes',
    says: 'dropping needs an index of that name',
    given: [{ _id: 1 }],
    when: { command: { dropIndexes: 'things', index: 'a_1' } },
    gives: { error: 27 },
  },
  {
    name: 'a hint for an index that does not exist',
    page: 'reference/method/cursor.hint',
    says: 'a hint names an index that exists',
    given: [{ _id: 1 }],
    when: { find: { a: 1 }, hint: 'a_1' },
    gives: { error: 2 },
  },
  {
    name: 'an index sorts by the order of types',
    page: 'reference/bson-type-comparison-order',
    says: 'an index has the order of BSON types',
    given: { documents: mixedDocuments, indexes: [{ key: { a: 1 } }] },
    when: { find: {}, sort: { a: 1 }, hint: { a: 1 } },
    gives: { ids: [2, 3, 6, 0, 7, 9, 1, 4, 8, 5] },
  },
  {
    name: 'an index read backwards',
    page: 'reference/bson-type-comparison-order',
    says: 'an index serves the opposite order too; an array counts by its greatest element there',
    given: { documents: mixedDocuments, indexes: [{ key: { a: 1 } }] },
    when: { find: {}, sort: { a: -1 }, hint: { a: 1 } },
    gives: { ids: [5, 8, 4, 1, 9, 7, 3, 0, 6, 2] },
  },
  {
    name: 'a range in an index keeps to its type',
    page: 'reference/operator/query/gt',
    says: 'comparison operators work on fields whose type fits the value, with an index too',
    given: { documents: mixedDocuments, indexes: [{ key: { a: 1 } }] },
    when: { find: { a: { $gte: 3 } }, sort: { _id: 1 } },
    gives: { ids: [0, 3, 7] },
  },
  {
    name: 'two conditions on a multikey index',
    page: 'core/multikey-index-bounds',
    says: 'bounds of an array field are not intersected without $elemMatch: two elements may meet the two conditions',
    given: {
      documents: [
        { _id: 1, a: [2, 9] },
        { _id: 2, a: [4, 3] },
        { _id: 3, a: [9] },
      ],
      indexes: [{ key: { a: 1 } }],
    },
    when: { find: { a: { $gt: 3, $lt: 6 } }, sort: { _id: 1 } },
    gives: { ids: [1, 2] },
  },
  {
    name: '$elemMatch on a multikey index',
    page: 'core/multikey-index-bounds',
    says: 'with $elemMatch one element meets both bounds',
    given: {
      documents: [
        { _id: 1, a: [2, 9] },
        { _id: 2, a: [4, 3] },
        { _id: 3, a: [9] },
      ],
      indexes: [{ key: { a: 1 } }],
    },
    when: { find: { a: { $elemMatch: { $gt: 3, $lt: 6 } } }, sort: { _id: 1 } },
    gives: { ids: [2] },
  },
  {
    name: 'a multikey index gives each document once',
    page: multikey,
    says: 'an index has a key for each element; a query gives the document once',
    given: {
      documents: [
        { _id: 1, a: [5, 6, 7] },
        { _id: 2, a: [6] },
      ],
      indexes: [{ key: { a: 1 } }],
    },
    when: { find: { a: { $gte: 5 } }, sort: { a: 1 } },
    gives: { ids: [1, 2] },
  },
  {
    name: 'an array looked up by itself in a multikey index',
    page: multikey,
    says: 'a query for a whole array finds arrays equal to it with an index too',
    given: {
      documents: [
        { _id: 1, a: [5, 9] },
        { _id: 2, a: [9, 5] },
        { _id: 3, a: [[5, 9]] },
      ],
      indexes: [{ key: { a: 1 } }],
    },
    when: { find: { a: [5, 9] }, sort: { _id: 1 } },
    gives: { ids: [1, 3] },
  },
  {
    name: '$in by an index',
    page: 'reference/operator/query/in',
    says: '$in finds what equals a value, each document once',
    given: {
      documents: [{ _id: 1, a: [1, 2] }, { _id: 2, a: 2 }, { _id: 3 }, { _id: 4, a: 3 }],
      indexes: [{ key: { a: 1 } }],
    },
    when: { find: { a: { $in: [2, 1, null, double(2)] } }, sort: { _id: 1 } },
    gives: { ids: [1, 2, 3] },
  },
  {
    name: '$in by an index in its order',
    page: 'reference/operator/query/in',
    says: 'a sort holds, whatever the order of the values in $in',
    given: {
      documents: [
        { _id: 1, a: 3 },
        { _id: 2, a: 1 },
        { _id: 3, a: 2 },
      ],
      indexes: [{ key: { a: 1 } }],
    },
    when: { find: { a: { $in: [3, 1, 2] } }, sort: { a: -1 } },
    gives: { ids: [1, 3, 2] },
  },
  {
    name: '$ne and $nin by an index',
    page: 'reference/operator/query/ne',
    says: '$ne selects documents without the field and with another value, with an index too',
    given: {
      documents: [{ _id: 1, a: 1 }, { _id: 2, a: 2 }, { _id: 3 }, { _id: 4, a: [1, 2] }],
      indexes: [{ key: { a: 1 } }],
    },
    when: { find: { a: { $ne: 1 } }, sort: { _id: 1 } },
    gives: { ids: [2, 3] },
  },
  {
    name: 'null by an index',
    page: 'tutorial/query-for-null-fields',
    says: 'null finds missing fields, with an index too',
    given: {
      documents: [{ _id: 1, a: null }, { _id: 2 }, { _id: 3, a: [] }, { _id: 4, a: [null] }],
      indexes: [{ key: { a: 1 } }],
    },
    when: { find: { a: null }, sort: { _id: 1 } },
    gives: { ids: [1, 2, 4] },
  },
  {
    name: 'null by an index on a path through arrays',
    page: 'tutorial/query-for-null-fields',
    says: 'null finds documents in whose array an embedded document lacks the field',
    given: {
      documents: [
        { _id: 1, a: [{ b: 1 }, {}] },
        { _id: 2, a: [{ b: 1 }] },
        { _id: 3, a: {} },
      ],
      indexes: [{ key: { 'a.b': 1 } }],
    },
    when: { find: { 'a.b': null }, sort: { _id: 1 } },
    gives: { ids: [1, 3] },
  },
  {
    name: 'a prefix of a regular expression by an index',
    page: 'reference/operator/query/regex',
    says: 'a prefix expression is a range of the index and finds the same strings',
    given: {
      documents: [
        { _id: 1, a: 'abc' },
        { _id: 2, a: 'ab\u{1F600}' },
        { _id: 3, a: 'ac' },
        { _id: 4, a: ['abx'] },
      ],
      indexes: [{ key: { a: 1 } }],
    },
    when: { find: { a: { $regex: '^ab' } }, sort: { _id: 1 } },
    gives: { ids: [1, 2, 4] },
  },
  {
    name: 'a compound index: equality, then order',
    page: 'core/indexes/index-types/index-compound',
    says: 'a compound index serves a sort on a later key when the earlier ones are equal',
    given: {
      documents: [
        { _id: 1, a: 1, b: 3 },
        { _id: 2, a: 1, b: 1 },
        { _id: 3, a: 2, b: 2 },
        { _id: 4, a: 1 },
      ],
      indexes: [{ key: { a: 1, b: 1 } }],
    },
    when: { find: { a: 1 }, sort: { b: 1 } },
    gives: { ids: [4, 2, 1] },
  },
  {
    name: 'a compound index of two directions',
    page: 'tutorial/sort-results-with-indexes',
    says: 'a compound index serves the directions of its keys and their opposites',
    given: {
      documents: [
        { _id: 1, a: 1, b: 1 },
        { _id: 2, a: 1, b: 2 },
        { _id: 3, a: 2, b: 1 },
        { _id: 4, a: 2, b: 2 },
      ],
      indexes: [{ key: { a: 1, b: -1 } }],
    },
    when: { find: {}, sort: { a: -1, b: 1 } },
    gives: { ids: [3, 4, 1, 2] },
  },
  {
    name: 'a compound index does not serve another mix of directions',
    page: 'tutorial/sort-results-with-indexes',
    says: 'a sort in directions that the index does not have is still right',
    given: {
      documents: [
        { _id: 1, a: 1, b: 1 },
        { _id: 2, a: 1, b: 2 },
        { _id: 3, a: 2, b: 1 },
        { _id: 4, a: 2, b: 2 },
      ],
      indexes: [{ key: { a: 1, b: -1 } }],
    },
    when: { find: {}, sort: { a: 1, b: 1 } },
    gives: { ids: [1, 2, 3, 4] },
  },
  {
    name: 'a compound index with a range first',
    page: 'tutorial/sort-results-with-indexes',
    says: 'a range on the first key does not give the order of the second',
    given: {
      documents: [
        { _id: 1, a: 1, b: 3 },
        { _id: 2, a: 2, b: 1 },
        { _id: 3, a: 3, b: 2 },
      ],
      indexes: [{ key: { a: 1, b: 1 } }],
    },
    when: { find: { a: { $gt: 0 } }, sort: { b: 1 } },
    gives: { ids: [2, 3, 1] },
  },
  {
    name: 'a compound index with two ranges',
    page: 'core/indexes/index-types/index-compound',
    says: 'both conditions hold for every document that is found',
    given: {
      documents: [
        { _id: 1, a: 1, b: 3 },
        { _id: 2, a: 2, b: 1 },
        { _id: 3, a: 3, b: 2 },
        { _id: 4, a: 2, b: 'x' },
      ],
      indexes: [{ key: { a: 1, b: 1 } }],
    },
    when: { find: { a: { $gte: 2 }, b: { $lt: 2 } }, sort: { _id: 1 } },
    gives: { ids: [2] },
  },
  {
    name: 'an index after updates and deletes',
    page: 'core/indexes/index-types/index-single',
    says: 'an index follows every change of its documents',
    given: {
      documents: [
        { _id: 1, a: 1 },
        { _id: 2, a: 2 },
        { _id: 3, a: 3 },
      ],
      indexes: [{ key: { a: 1 } }],
    },
    when: [
      { updateOne: { _id: 1 }, with: { $set: { a: 9 } } },
      { deleteOne: { _id: 2 } },
      { insert: [{ _id: 4, a: 2 }] },
      { updateOne: { _id: 3 }, with: { $unset: { a: '' } } },
      { find: {}, sort: { a: 1 }, hint: { a: 1 } },
    ],
    gives: { ids: [3, 4, 1] },
  },
  {
    name: 'a range of dates by an index',
    page: 'reference/operator/query/lt',
    says: 'comparison operators work on fields whose type fits the value',
    given: {
      documents: [
        { _id: 1, a: date('1960-01-01') },
        { _id: 2, a: date('2020-01-01') },
        { _id: 3, a: date('2030-01-01') },
        { _id: 4, a: 5 },
      ],
      indexes: [{ key: { a: 1 } }],
    },
    when: { find: { a: { $lt: date('2025-01-01') } }, sort: { a: -1 } },
    gives: { ids: [2, 1] },
  },
]
