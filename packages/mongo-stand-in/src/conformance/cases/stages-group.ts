import type { ConformanceCase } from '../case.ts'
import { stageCases } from './stage-row.ts'
import { decimal, double, long } from './typed-value.ts'

const values = (...list: unknown[]) => list.map((v, at) => ({ _id: at + 1, v }))
const one = (accumulator: object) => [
  { $sort: { _id: 1 } },
  { $group: { _id: null, r: accumulator } },
  { $project: { _id: 0, r: 1 } },
]
const sorted = [{ $set: { r: { $sortArray: { input: '$r', sortBy: 1 } } } }]

/** `$group` and its accumulators, and the stages that are made of them. */
export const groupStages: readonly ConformanceCase[] = [
  ...stageCases('group', [
    {
      name: '$group by a field',
      says: 'one document for each distinct value',
      given: values('a', 'b', 'a'),
      stages: [{ $group: { _id: '$v', n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
      gives: [
        { _id: 'a', n: 2 },
        { _id: 'b', n: 1 },
      ],
    },
    {
      name: '$group by null takes all documents',
      says: 'a constant as _id makes one group of all',
      given: values(1, 2),
      stages: [{ $group: { _id: null, n: { $count: {} } } }],
      gives: [{ _id: null, n: 2 }],
    },
    {
      name: '$group of nothing has no document',
      says: 'no input makes no group, not even for a constant _id',
      given: [],
      stages: [{ $group: { _id: null, n: { $sum: 1 } } }],
      gives: [],
    },
    {
      name: '$group takes a missing field as null',
      says: 'documents without the field are in the group of null',
      given: [{ _id: 1, v: null }, { _id: 2 }, { _id: 3, v: 0 }],
      stages: [{ $group: { _id: '$v', n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
      gives: [
        { _id: null, n: 2 },
        { _id: 0, n: 1 },
      ],
    },
    {
      name: '$group takes equal numbers of different types together',
      says: 'groups are made by value',
      given: values(1, long(1), double(1), decimal('1.0'), '1'),
      stages: [{ $group: { _id: '$v', n: { $sum: 1 } } }, { $group: { _id: '$n' } }, { $sort: { _id: 1 } }],
      gives: [{ _id: 1 }, { _id: 4 }],
    },
    {
      name: '$group by whole arrays',
      says: 'an array is one value, its elements are not separated',
      given: values([1, 2], [2, 1], [1, 2]),
      stages: [{ $group: { _id: '$v', n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
      gives: [
        { _id: [1, 2], n: 2 },
        { _id: [2, 1], n: 1 },
      ],
    },
    {
      name: '$group by a document of expressions',
      says: 'the _id may be a document',
      given: [
        { _id: 1, a: 1, b: 'x' },
        { _id: 2, a: 1, b: 'x' },
      ],
      stages: [{ $group: { _id: { a: '$a', up: { $toUpper: '$b' } }, ids: { $push: '$_id' } } }],
      gives: [{ _id: { a: 1, up: 'X' }, ids: [1, 2] }],
    },
    {
      name: '$group with a collation that ignores case',
      says: 'the collation of the operation decides which values are equal',
      given: values('a', 'A', 'b'),
      stages: [{ $group: { _id: '$v', n: { $sum: 1 } } }, { $sort: { n: -1 } }, { $project: { _id: 0 } }],
      collation: { locale: 'en', strength: 2 },
      gives: [{ n: 2 }, { n: 1 }],
    },
    {
      name: '$group without _id fails',
      says: 'the _id is required',
      given: values(1),
      stages: [{ $group: { n: { $sum: 1 } } }],
      gives: { error: 15955 },
    },
    {
      name: '$group with something that is no accumulator fails',
      says: 'every other field is an accumulator',
      given: values(1),
      stages: [{ $group: { _id: null, n: '$v' } }],
      gives: { error: 40234 },
    },
    {
      name: '$group with an unknown accumulator fails',
      says: 'every other field is one of the known accumulators',
      given: values(1),
      stages: [{ $group: { _id: null, n: { $frobnicate: 1 } } }],
      gives: { error: 15952 },
    },
    {
      name: '$group into a dotted field fails',
      says: 'names of fields have no dots',
      given: values(1),
      stages: [{ $group: { _id: null, 'a.b': { $sum: 1 } } }],
      gives: { error: 40235 },
    },
  ]),
  ...stageCases('sum', [
    {
      name: '$sum of ints',
      says: 'ints add up to an int',
      given: values(1, 2),
      stages: one({ $sum: '$v' }),
      gives: [{ r: 3 }],
    },
    {
      name: '$sum of ints past 32 bits is a long',
      says: 'a sum that an int cannot hold is a long',
      given: values(2147483647, 1),
      stages: one({ $sum: '$v' }),
      gives: [{ r: long('2147483648') }],
    },
    {
      name: '$sum of longs past 64 bits is a double',
      says: 'a sum that a long cannot hold is a double',
      given: values(long('9223372036854775807'), long('9223372036854775807')),
      stages: one({ $sum: '$v' }),
      gives: [{ r: double(2 ** 64) }],
    },
    {
      name: '$sum of an int and a whole double is a double',
      says: 'the result has the largest type among the inputs',
      given: values(1, double(2)),
      stages: one({ $sum: '$v' }),
      gives: [{ r: double(3) }],
    },
    {
      name: '$sum of decimals is exact',
      says: 'one decimal makes the sum a decimal',
      given: values(decimal('0.1'), decimal('0.20'), 1),
      stages: one({ $sum: '$v' }),
      gives: [{ r: decimal('1.30') }],
    },
    {
      name: '$sum of doubles does not gather errors',
      says: 'ten tenths are one: the rounding errors of doubles are carried along',
      given: values(...Array.from({ length: 10 }, () => 0.1)),
      stages: one({ $sum: '$v' }),
      gives: [{ r: double(1) }],
    },
    {
      name: '$sum passes over what is no number',
      says: 'texts, nulls, arrays and missing fields do not count',
      given: [...values(1, 'x', null, [5]), { _id: 9 }],
      stages: one({ $sum: '$v' }),
      gives: [{ r: 1 }],
    },
    {
      name: '$sum of no number is zero',
      says: 'when nothing is numeric the sum is 0',
      given: values('x', null),
      stages: one({ $sum: '$v' }),
      gives: [{ r: 0 }],
    },
    {
      name: '$sum as expression goes through a single array',
      says: 'one array argument is traversed; among several arguments an array does not count',
      given: [{ _id: 1, a: [1, 2, 'x'] }],
      stages: [{ $project: { _id: 0, one: { $sum: '$a' }, two: { $sum: ['$a', 5] } } }],
      gives: [{ one: 3, two: 5 }],
    },
  ]),
  ...stageCases('avg', [
    {
      name: '$avg of ints is a double',
      says: 'the average of whole numbers is a double',
      given: values(2, 4),
      stages: one({ $avg: '$v' }),
      gives: [{ r: double(3) }],
    },
    {
      name: '$avg of decimals is a decimal',
      says: 'one decimal makes the average a decimal',
      given: values(decimal('1.5'), 2),
      stages: one({ $avg: '$v' }),
      gives: [{ r: decimal('1.75') }],
    },
    {
      name: '$avg passes over what is no number',
      says: 'values that are not numeric count neither in the sum nor in the number',
      given: [...values(2, 'x', null, 4), { _id: 9 }],
      stages: one({ $avg: '$v' }),
      gives: [{ r: double(3) }],
    },
    {
      name: '$avg of no number is null',
      says: 'without numbers there is no average',
      given: values('x', null),
      stages: one({ $avg: '$v' }),
      gives: [{ r: null }],
    },
  ]),
  ...stageCases('min', [
    {
      name: '$min compares value and type',
      says: 'the order of BSON types decides among mixed values',
      given: values('a', 5, { x: 1 }),
      stages: one({ $min: '$v' }),
      gives: [{ r: 5 }],
    },
    {
      name: '$min passes over null and missing fields',
      says: 'null and missing count only when there is nothing else',
      given: [...values(null, 3), { _id: 9 }],
      stages: one({ $min: '$v' }),
      gives: [{ r: 3 }],
    },
    {
      name: '$min of nulls is null',
      says: 'when all are null or missing the result is null',
      given: values(null, null),
      stages: one({ $min: '$v' }),
      gives: [{ r: null }],
    },
  ]),
  ...stageCases('max', [
    {
      name: '$max keeps the type of the value that it found',
      says: 'the largest value comes out as it was',
      given: values(1, long(7), 2.5),
      stages: one({ $max: '$v' }),
      gives: [{ r: long(7) }],
    },
    {
      name: '$max takes an array as one value',
      says: 'as accumulator it does not go into arrays',
      given: values([1, 2], 100),
      stages: one({ $max: '$v' }),
      gives: [{ r: [1, 2] }],
    },
    {
      name: '$max as expression goes through a single array',
      says: 'one array argument is traversed',
      given: [{ _id: 1, a: [3, 9, 4] }],
      stages: [{ $project: { _id: 0, m: { $max: '$a' } } }],
      gives: [{ m: 9 }],
    },
  ]),
  ...stageCases('first', [
    {
      name: '$first takes the first document',
      says: 'the value of the first document, null where it has none',
      given: [{ _id: 1 }, { _id: 2, v: 5 }],
      stages: one({ $first: '$v' }),
      gives: [{ r: null }],
    },
  ]),
  ...stageCases('last', [
    {
      name: '$last takes the last document',
      says: 'the value of the last document in the order of the input',
      given: values('a', 'b'),
      stages: one({ $last: '$v' }),
      gives: [{ r: 'b' }],
    },
  ]),
  ...stageCases('push', [
    {
      name: '$push gathers all values',
      says: 'an array of all values with repetitions and nulls, without missing ones',
      given: [...values(1, 1, null), { _id: 9 }],
      stages: one({ $push: '$v' }),
      gives: [{ r: [1, 1, null] }],
    },
    {
      name: '$push of a document of expressions',
      says: 'the expression may be a document',
      given: values(1),
      stages: one({ $push: { v: '$v', id: '$_id' } }),
      gives: [{ r: [{ v: 1, id: 1 }] }],
    },
  ]),
  ...stageCases('addToSet', [
    {
      name: '$addToSet has each value once',
      says: 'duplicates are dropped; arrays and documents are compared as a whole, with the order of fields',
      given: values('b', 'a', 'b', { x: 1, y: 2 }, { y: 2, x: 1 }, [1], [1]),
      stages: [...one({ $addToSet: '$v' }), ...sorted],
      gives: [{ r: ['a', 'b', { x: 1, y: 2 }, { y: 2, x: 1 }, [1]] }],
    },
  ]),
  ...stageCases('mergeObjects', [
    {
      name: '$mergeObjects as accumulator',
      says: 'the documents are merged in their order, nulls are ignored',
      given: values({ a: 1, b: 1 }, null, { b: 2 }),
      stages: one({ $mergeObjects: '$v' }),
      gives: [{ r: { a: 1, b: 2 } }],
    },
  ]),
  ...stageCases('firstN', [
    {
      name: '$firstN as accumulator takes nulls',
      says: 'null and missing values count, missing ones as null',
      given: [{ _id: 1 }, { _id: 2, v: null }, { _id: 3, v: 1 }, { _id: 4, v: 2 }],
      stages: one({ $firstN: { input: '$v', n: 3 } }),
      gives: [{ r: [null, null, 1] }],
    },
    {
      name: '$firstN of none fails',
      says: 'n is a positive number',
      given: values(1),
      stages: one({ $firstN: { input: '$v', n: 0 } }),
      gives: { error: 5787908 },
    },
  ]),
  ...stageCases('lastN', [
    {
      name: '$lastN as accumulator keeps the order',
      says: 'the last n values in the order of the input',
      given: values(1, 2, 3),
      stages: one({ $lastN: { input: '$v', n: 2 } }),
      gives: [{ r: [2, 3] }],
    },
  ]),
  ...stageCases('maxN', [
    {
      name: '$maxN as accumulator drops nulls',
      says: 'the n largest values, largest first, without null and missing ones',
      given: [...values(1, null, 7, 3), { _id: 9 }],
      stages: one({ $maxN: { input: '$v', n: 3 } }),
      gives: [{ r: [7, 3, 1] }],
    },
  ]),
  ...stageCases('top', [
    {
      name: '$top takes the first by an order of its own',
      says: 'the output of the document that comes first in sortBy',
      given: [
        { _id: 1, s: 3, n: 'c' },
        { _id: 2, s: 9, n: 'a' },
      ],
      stages: one({ $top: { output: ['$n', '$s'], sortBy: { s: -1 } } }),
      gives: [{ r: ['a', 9] }],
    },
  ]),
  ...stageCases('bottomN', [
    {
      name: '$bottomN takes the last by an order of its own',
      says: 'the outputs of the n documents that come last, in the order of sortBy',
      given: [3, 1, 2].map((s, at) => ({ _id: at, s })),
      stages: one({ $bottomN: { n: 2, output: '$s', sortBy: { s: -1 } } }),
      gives: [{ r: [2, 1] }],
    },
  ]),
  ...stageCases('stdDevPop', [
    {
      name: '$stdDevPop of numbers',
      says: 'the deviation of the whole population as a double',
      given: values(2, 4, 4, 4, 5, 5, 7, 9, 'x'),
      stages: one({ $stdDevPop: '$v' }),
      gives: [{ r: double(2) }],
    },
  ]),
  ...stageCases('stdDevSamp', [
    {
      name: '$stdDevSamp of a single number is null',
      says: 'a sample of one has no deviation',
      given: values(5),
      stages: one({ $stdDevSamp: '$v' }),
      gives: [{ r: null }],
    },
  ]),
  ...stageCases('sortByCount', [
    {
      name: '$sortByCount has the largest group first',
      says: 'groups by the expression, counts them and sorts by the count',
      given: values('a', 'b', 'b', 'c', 'c', 'c'),
      stages: [{ $sortByCount: '$v' }],
      gives: [
        { _id: 'c', count: 3 },
        { _id: 'b', count: 2 },
        { _id: 'a', count: 1 },
      ],
    },
    {
      name: '$sortByCount of a name without dollar fails',
      says: 'the expression is a path or a document',
      given: values('a'),
      stages: [{ $sortByCount: 'v' }],
      gives: { error: 40148 },
    },
  ]),
  ...stageCases('bucket', [
    {
      name: '$bucket includes the lower bound and excludes the upper one',
      says: 'a bucket holds values from its boundary up to the next one, empty buckets do not come out',
      given: values(0, 4, 5, 9, 2.5),
      stages: [{ $bucket: { groupBy: '$v', boundaries: [0, 5, 10, 20] } }],
      gives: [
        { _id: 0, count: 3 },
        { _id: 5, count: 2 },
      ],
    },
    {
      name: '$bucket puts the rest into the default',
      says: 'values outside of the boundaries and of other types go to the default bucket',
      given: [...values(1, 10, 'x', null), { _id: 9 }],
      stages: [
        {
          $bucket: {
            groupBy: '$v',
            boundaries: [0, 10],
            default: 'rest',
            output: { ids: { $push: '$_id' } },
          },
        },
      ],
      gives: [
        { _id: 0, ids: [1] },
        { _id: 'rest', ids: [2, 3, 4, 9] },
      ],
    },
    {
      name: '$bucket without default fails for other values',
      says: 'without a default every value must fall into a bucket',
      given: values(50),
      stages: [{ $bucket: { groupBy: '$v', boundaries: [0, 10] } }],
      gives: { error: 40066 },
    },
    {
      name: '$bucket with boundaries out of order fails',
      says: 'boundaries are in ascending order',
      given: values(1),
      stages: [{ $bucket: { groupBy: '$v', boundaries: [10, 0] } }],
      gives: { error: 40194 },
    },
    {
      name: '$bucket with boundaries of mixed types fails',
      says: 'boundaries are of one type, numbers may mix',
      given: values(1),
      stages: [{ $bucket: { groupBy: '$v', boundaries: [0, 'a'] } }],
      gives: { error: 40193 },
    },
    {
      name: '$bucket with one boundary fails',
      says: 'there are at least two boundaries',
      given: values(1),
      stages: [{ $bucket: { groupBy: '$v', boundaries: [0] } }],
      gives: { error: 40192 },
    },
    {
      name: '$bucket with a default inside the boundaries fails',
      says: 'a default of the same type is below the lowest or not below the highest boundary',
      given: values(1),
      stages: [{ $bucket: { groupBy: '$v', boundaries: [0, 10], default: 5 } }],
      gives: { error: 40199 },
    },
  ]),
  ...stageCases('facet', [
    {
      name: '$facet runs each pipeline over the same input',
      says: 'each facet sees all input documents, and all results come in one document',
      given: values(1, 2, 3),
      stages: [
        { $match: { v: { $gt: 1 } } },
        {
          $facet: {
            sum: [{ $group: { _id: null, s: { $sum: '$v' } } }],
            none: [{ $match: { v: 9 } }],
            n: [{ $count: 'n' }],
          },
        },
      ],
      gives: [{ sum: [{ _id: null, s: 5 }], none: [], n: [{ n: 2 }] }],
    },
    {
      name: '$facet of nothing has empty facets',
      says: 'there is one document even without input',
      given: [],
      stages: [{ $facet: { a: [{ $match: {} }] } }],
      gives: [{ a: [] }],
    },
    {
      name: '$facet within $facet fails',
      says: 'some stages cannot stand within a facet',
      given: values(1),
      stages: [{ $facet: { a: [{ $facet: { b: [] } }] } }],
      gives: { error: 40600 },
    },
  ]),
]
