import type { ConformanceCase } from '../case.ts'
import { expressionCases } from './expression-row.ts'
import { decimal, double, long } from './typed-value.ts'

const numbers = [0, 1, 2, 3, 4]
/** The order of a set is open, so it is sorted before it is compared. */
const sorted = (set: unknown) => ({ $sortArray: { input: set, sortBy: 1 } })

/** Expressions on arrays and sets. */
export const arrayExpressions: readonly ConformanceCase[] = [
  ...expressionCases('arrayElemAt', [
    {
      name: '$arrayElemAt from the end',
      says: 'a negative index counts from the end',
      expression: { $arrayElemAt: [numbers, -2] },
      gives: 3,
    },
    {
      name: '$arrayElemAt past the end gives nothing',
      says: 'an index out of bounds has no result',
      expression: { $arrayElemAt: [numbers, 15] },
    },
    {
      name: '$arrayElemAt with a whole double as index',
      says: 'the index is any number that is whole',
      expression: { $arrayElemAt: [numbers, double(1)] },
      gives: 1,
    },
    {
      name: '$arrayElemAt of null is null',
      says: 'a missing or null array gives null',
      expression: { $arrayElemAt: ['$missing', 0] },
      gives: null,
    },
    {
      name: '$arrayElemAt of a scalar fails',
      says: 'the first argument is an array',
      expression: { $arrayElemAt: ['x', 0] },
      fails: { error: 28689 },
    },
    {
      name: '$arrayElemAt at a text fails',
      says: 'the index is a number',
      expression: { $arrayElemAt: [numbers, '1'] },
      fails: { error: 28690 },
    },
    {
      name: '$arrayElemAt at a fraction fails',
      says: 'the index is whole',
      expression: { $arrayElemAt: [numbers, 1.5] },
      fails: { error: 28691 },
    },
  ]),
  ...expressionCases('slice', [
    {
      name: '$slice of the first elements',
      says: 'a positive n takes from the start',
      expression: { $slice: [numbers, 2] },
      gives: [0, 1],
    },
    {
      name: '$slice of the last elements',
      says: 'a negative n takes from the end',
      expression: { $slice: [numbers, -2] },
      gives: [3, 4],
    },
    {
      name: '$slice from a position',
      says: 'with a position n elements from there on',
      expression: { $slice: [numbers, 1, 2] },
      gives: [1, 2],
    },
    {
      name: '$slice from a position before the start',
      says: 'a negative position beyond the start begins at the start',
      expression: { $slice: [numbers, -10, 2] },
      gives: [0, 1],
    },
    {
      name: '$slice from a position past the end',
      says: 'a position past the end gives an empty array',
      expression: { $slice: [numbers, 10, 2] },
      gives: [],
    },
    {
      name: '$slice of null is null',
      says: 'null in any argument gives null',
      expression: { $slice: [null, 1] },
      gives: null,
    },
    {
      name: '$slice of no elements from a position fails',
      says: 'with a position n must be above 0',
      expression: { $slice: [[1, 2], 0, 0] },
      fails: { error: 28729 },
    },
    {
      name: '$slice of a scalar fails',
      says: 'the first argument is an array',
      expression: { $slice: ['one', 2] },
      fails: { error: 28724 },
    },
    {
      name: '$slice with a broken count fails',
      says: 'n is a whole number',
      expression: { $slice: [[1, 2], 1.5] },
      fails: { error: 28726 },
    },
  ]),
  ...expressionCases('concatArrays', [
    {
      name: '$concatArrays keeps nested arrays',
      says: 'the elements of the arguments follow each other, nested arrays stay',
      expression: { $concatArrays: [['a', ['b']], ['a']] },
      gives: ['a', ['b'], 'a'],
    },
    {
      name: '$concatArrays with a missing array is null',
      says: 'null or a missing field makes the result null',
      expression: { $concatArrays: [[1], '$missing'] },
      gives: null,
    },
    {
      name: '$concatArrays with a scalar fails',
      says: 'every argument is an array',
      expression: { $concatArrays: [[1], 2] },
      fails: { error: 28664 },
    },
  ]),
  ...expressionCases('filter', [
    {
      name: '$filter keeps what is true',
      says: 'elements for which the condition is true stay in their order',
      expression: {
        $filter: { input: [1, 'a', 2, null, 3.1, long(4)], as: 'n', cond: { $isNumber: '$$n' } },
      },
      gives: [1, 2, 3.1, long(4)],
    },
    {
      name: '$filter with a limit',
      says: 'at most that many matching elements, from the start',
      expression: { $filter: { input: numbers, cond: { $gt: ['$$this', 1] }, limit: 2 } },
      gives: [2, 3],
    },
    {
      name: '$filter with a null limit keeps all',
      says: 'without a limit all matching elements come',
      expression: { $filter: { input: numbers, cond: { $gt: ['$$this', 2] }, limit: null } },
      gives: [3, 4],
    },
    {
      name: '$filter with a limit of zero fails',
      says: 'the limit is at least 1',
      expression: { $filter: { input: numbers, cond: true, limit: 0 } },
      fails: { error: 327392 },
    },
    {
      name: '$filter of a missing field is null',
      says: 'a null input gives null',
      expression: { $filter: { input: '$missing', cond: true } },
      gives: null,
    },
    {
      name: '$filter of a scalar fails',
      says: 'the input is an array',
      expression: { $filter: { input: 'x', cond: true } },
      fails: { error: 28651 },
    },
  ]),
  ...expressionCases('map', [
    {
      name: '$map gives an element for each element',
      says: 'the expression is applied to each element, in order',
      expression: { $map: { input: '$a', as: 'x', in: { $add: ['$$x', '$b'] } } },
      of: { a: [1, long(2)], b: 1 },
      gives: [2, long(3)],
    },
    {
      name: '$map puts null where there is no value',
      says: 'every element has a result, null where the expression has none',
      expression: { $map: { input: '$a', in: '$$this.x' } },
      of: { a: [{ x: 1 }, {}] },
      gives: [1, null],
    },
    {
      name: '$map of null is null',
      says: 'a null input gives null',
      expression: { $map: { input: null, in: 1 } },
      gives: null,
    },
    {
      name: '$map of a document fails',
      says: 'the input is an array',
      expression: { $map: { input: { a: 1 }, in: 1 } },
      fails: { error: 16883 },
    },
  ]),
  ...expressionCases('reduce', [
    {
      name: '$reduce from left to right',
      says: 'value holds what has been gathered, this the element, from the first to the last',
      expression: {
        $reduce: { input: ['a', 'b', 'c'], initialValue: '', in: { $concat: ['$$value', '$$this'] } },
      },
      gives: 'abc',
    },
    {
      name: '$reduce of an empty array is the initial value',
      says: 'without elements the initial value comes out',
      expression: { $reduce: { input: [], initialValue: 7, in: { $add: ['$$value', '$$this'] } } },
      gives: 7,
    },
    {
      name: '$reduce of null is null',
      says: 'a null input gives null, not the initial value',
      expression: { $reduce: { input: '$missing', initialValue: 7, in: '$$this' } },
      gives: null,
    },
    {
      name: '$reduce of a scalar fails',
      says: 'the input is an array',
      expression: { $reduce: { input: 1, initialValue: 0, in: '$$this' } },
      fails: { error: 40080 },
    },
  ]),
  ...expressionCases('zip', [
    {
      name: '$zip stops at the shortest array',
      says: 'the shortest input decides how long the result is',
      expression: {
        $zip: {
          inputs: [
            [1, 2, 3],
            ['a', 'b'],
          ],
        },
      },
      gives: [
        [1, 'a'],
        [2, 'b'],
      ],
    },
    {
      name: '$zip to the longest array fills with null',
      says: 'with useLongestLength and no defaults null takes the empty places',
      expression: { $zip: { inputs: [[1, 2], ['a']], useLongestLength: true } },
      gives: [
        [1, 'a'],
        [2, null],
      ],
    },
    {
      name: '$zip to the longest array fills with defaults',
      says: 'defaults stand for the missing elements of their input',
      expression: { $zip: { inputs: [[1], ['a', 'b']], useLongestLength: true, defaults: [0, 'z'] } },
      gives: [
        [1, 'a'],
        [0, 'b'],
      ],
    },
    {
      name: '$zip with defaults alone fails',
      says: 'defaults need useLongestLength',
      expression: { $zip: { inputs: [[1], [2]], defaults: [0, 0] } },
      fails: { error: 34466 },
    },
    {
      name: '$zip with a null input is null',
      says: 'a null or missing input makes the result null',
      expression: { $zip: { inputs: [[1], '$missing'] } },
      gives: null,
    },
    {
      name: '$zip of a scalar fails',
      says: 'every input is an array',
      expression: { $zip: { inputs: [[1], 2] } },
      fails: { error: 34468 },
    },
  ]),
  ...expressionCases('range', [
    {
      name: '$range excludes the end',
      says: 'the sequence stops before the end',
      expression: { $range: [0, 10, 3] },
      gives: [0, 3, 6, 9],
    },
    {
      name: '$range downwards',
      says: 'a negative step counts down',
      expression: { $range: [3, 0, -1] },
      gives: [3, 2, 1],
    },
    {
      name: '$range in the wrong direction is empty',
      says: 'a step that leads away from the end gives nothing',
      expression: { $range: [0, 10, -1] },
      gives: [],
    },
    {
      name: '$range with step zero fails',
      says: 'the step is not 0',
      expression: { $range: [0, 10, 0] },
      fails: { error: 34449 },
    },
    {
      name: '$range from a fraction fails',
      says: 'the start is a whole number',
      expression: { $range: [0.5, 2] },
      fails: { error: 34444 },
    },
  ]),
  ...expressionCases('indexOfArray', [
    {
      name: '$indexOfArray finds the first place',
      says: 'the index of the first occurrence',
      expression: { $indexOfArray: [['a', 'abc', 'b', 'a'], 'a'] },
      gives: 0,
    },
    {
      name: '$indexOfArray from a start',
      says: 'the search begins at the start index',
      expression: { $indexOfArray: [[1, 2, 3, 2], 2, 2] },
      gives: 3,
    },
    {
      name: '$indexOfArray excludes the end',
      says: 'the end index is not searched',
      expression: { $indexOfArray: [['a', 'abc', 'b'], 'b', 0, 2] },
      gives: -1,
    },
    {
      name: '$indexOfArray compares by value',
      says: 'numbers of other types are equal',
      expression: { $indexOfArray: [[1, double(2)], long(2)] },
      gives: 1,
    },
    {
      name: '$indexOfArray of null is null',
      says: 'a null or missing array gives null',
      expression: { $indexOfArray: ['$missing', 1] },
      gives: null,
    },
    {
      name: '$indexOfArray of a scalar fails',
      says: 'the first argument is an array',
      expression: { $indexOfArray: [1, 1] },
      fails: { error: 40090 },
    },
    {
      name: '$indexOfArray from a negative start fails',
      says: 'the start is not negative',
      expression: { $indexOfArray: [[1], 1, -1] },
      fails: { error: 40097 },
    },
  ]),
  ...expressionCases('in', [
    {
      name: '$in finds a whole array as element',
      says: 'the value is compared with each element',
      expression: { $in: [['a'], ['a', ['a']]] },
      gives: true,
    },
    {
      name: '$in does not look into nested arrays',
      says: 'the value is compared with each element',
      expression: { $in: ['a', [['a']]] },
      gives: false,
    },
    {
      name: '$in of something that is no array fails',
      says: 'the second argument is an array',
      expression: { $in: [1, '$missing'] },
      fails: { error: 40081 },
    },
  ]),
  ...expressionCases('sortArray', [
    {
      name: '$sortArray over types',
      says: 'whole values sort in the order of BSON types',
      expression: {
        $sortArray: { input: ['$list', 20, { a: 'x' }, 5, true, 'b', null, decimal('5.5')], sortBy: 1 },
      },
      of: { list: [7] },
      gives: [null, 5, decimal('5.5'), 20, 'b', { a: 'x' }, [7], true],
    },
    {
      name: '$sortArray by two fields',
      says: 'documents sort by the fields in their order',
      expression: {
        $sortArray: {
          input: [
            { a: 1, b: 1 },
            { a: 2, b: 1 },
            { a: 1, b: 2 },
          ],
          sortBy: { b: -1, a: 1 },
        },
      },
      gives: [
        { a: 1, b: 2 },
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ],
    },
    {
      name: '$sortArray keeps the order of equals',
      says: 'documents without the field count as null there and stay in their order',
      expression: { $sortArray: { input: [{ a: 1 }, { b: 2 }, { c: 3 }], sortBy: { a: 1 } } },
      gives: [{ b: 2 }, { c: 3 }, { a: 1 }],
    },
    {
      name: '$sortArray of null is null',
      says: 'a null or missing input gives null',
      expression: { $sortArray: { input: '$missing', sortBy: 1 } },
      gives: null,
    },
    {
      name: '$sortArray of a scalar fails',
      says: 'the input is an array',
      expression: { $sortArray: { input: 1, sortBy: 1 } },
      fails: { error: 2942504 },
    },
  ]),
  ...expressionCases('first-array-element', [
    {
      name: '$first of an empty array gives nothing',
      says: 'an empty array has no first element',
      expression: { $first: [[]] },
    },
    {
      name: '$first of an array in a field',
      says: 'the first element',
      expression: { $first: '$a' },
      of: { a: [null, 1] },
      gives: null,
    },
    {
      name: '$first of a scalar fails',
      says: 'the argument is an array, null or missing',
      expression: { $first: 'x' },
      fails: { error: 28689 },
    },
  ]),
  ...expressionCases('last-array-element', [
    {
      name: '$last of a missing field is null',
      says: 'null or a missing field gives null',
      expression: { $last: '$missing' },
      gives: null,
    },
    { name: '$last of an array', says: 'the last element', expression: { $last: [[1, 2]] }, gives: 2 },
  ]),
  ...expressionCases('firstN-array-element', [
    {
      name: '$firstN of more than there is',
      says: 'fewer elements than n give all of them, nulls too',
      expression: { $firstN: { n: 5, input: [null, 1] } },
      gives: [null, 1],
    },
  ]),
  ...expressionCases('maxN-array-element', [
    {
      name: '$maxN drops nulls',
      says: 'the n largest values, largest first, without null',
      expression: { $maxN: { n: 2, input: [1, null, 5, 3] } },
      gives: [5, 3],
    },
  ]),
  ...expressionCases('size', [
    {
      name: '$size of a missing field fails',
      says: 'the argument must be an array',
      expression: { $size: '$missing' },
      fails: { error: 17124 },
    },
    {
      name: '$size counts elements',
      says: 'the number of elements',
      expression: { $size: [[1, [2, 3]]] },
      gives: 2,
    },
  ]),
  ...expressionCases('reverseArray', [
    {
      name: '$reverseArray leaves nested arrays as they are',
      says: 'only the outer array is turned',
      expression: { $reverseArray: [[[1, 2], [3]]] },
      gives: [[3], [1, 2]],
    },
    {
      name: '$reverseArray of a scalar fails',
      says: 'the argument is an array',
      expression: { $reverseArray: 1 },
      fails: { error: 34435 },
    },
  ]),
  ...expressionCases('isArray', [
    {
      name: '$isArray of a missing field',
      says: 'only an array is one',
      expression: { $isArray: '$missing' },
      gives: false,
    },
  ]),
  ...expressionCases('arrayToObject', [
    {
      name: '$arrayToObject of pairs',
      says: 'arrays of two become fields, the last of equal names wins',
      expression: {
        $arrayToObject: [
          [
            ['a', 1],
            ['b', 2],
            ['a', 3],
          ],
        ],
      },
      gives: { a: 3, b: 2 },
    },
    {
      name: '$arrayToObject of k and v',
      says: 'documents with k and v become fields',
      expression: { $arrayToObject: [[{ k: 'a', v: { x: 1 } }]] },
      gives: { a: { x: 1 } },
    },
    {
      name: '$arrayToObject of null is null',
      says: 'null or a missing field gives null',
      expression: { $arrayToObject: '$missing' },
      gives: null,
    },
    {
      name: '$arrayToObject of a scalar fails',
      says: 'the argument is an array',
      expression: { $arrayToObject: 'x' },
      fails: { error: 40386 },
    },
  ]),
  ...expressionCases('setUnion', [
    {
      name: '$setUnion has each value once',
      says: 'duplicates are dropped, nested arrays are values',
      expression: sorted({
        $setUnion: [
          ['a', 'b', 'a'],
          ['b', ['a']],
        ],
      }),
      gives: ['a', 'b', ['a']],
    },
    {
      name: '$setUnion takes equal numbers of different types once',
      says: 'equal values count once',
      expression: { $size: { $setUnion: [[1], [double(1)], [long(1)]] } },
      gives: 1,
    },
    {
      name: '$setUnion with null is null',
      says: 'null or a missing field makes the result null',
      expression: { $setUnion: [[1], null] },
      gives: null,
    },
    {
      name: '$setUnion of a scalar fails',
      says: 'every argument is an array',
      expression: { $setUnion: [[1], 2] },
      fails: { error: 17043 },
    },
  ]),
  ...expressionCases('setIntersection', [
    {
      name: '$setIntersection takes what is in all',
      says: 'the values that every array has, once',
      expression: sorted({
        $setIntersection: [
          [3, 1, 1, 2],
          [1, 2, 5],
          [2, 1],
        ],
      }),
      gives: [1, 2],
    },
    {
      name: '$setIntersection of a scalar fails',
      says: 'every argument is an array',
      expression: { $setIntersection: [[1], 2] },
      fails: { error: 17047 },
    },
  ]),
  ...expressionCases('setDifference', [
    {
      name: '$setDifference takes what only the first has',
      says: 'values of the first array that the second has not, once',
      expression: {
        $setDifference: [
          [1, 1, 2],
          [2, 3],
        ],
      },
      gives: [1],
    },
    {
      name: '$setDifference with null is null',
      says: 'null or a missing field makes the result null',
      expression: { $setDifference: ['$missing', [1]] },
      gives: null,
    },
    {
      name: '$setDifference from a scalar fails',
      says: 'both arguments are arrays',
      expression: { $setDifference: [1, [1]] },
      fails: { error: 17048 },
    },
  ]),
  ...expressionCases('setEquals', [
    {
      name: '$setEquals ignores order and duplicates',
      says: 'sets are equal when they have the same distinct values',
      expression: {
        $setEquals: [
          ['a', 'b', 'a'],
          ['b', 'a'],
        ],
      },
      gives: true,
    },
    {
      name: '$setEquals with null fails',
      says: 'every argument must be an array',
      expression: { $setEquals: [[1], null] },
      fails: { error: 17044 },
    },
  ]),
  ...expressionCases('setIsSubset', [
    {
      name: '$setIsSubset of itself',
      says: 'a set is a subset of an equal one',
      expression: { $setIsSubset: [['a', 'a'], ['a']] },
      gives: true,
    },
    {
      name: '$setIsSubset does not look into nested arrays',
      says: 'only elements of the top level count',
      expression: { $setIsSubset: [['a'], [['a']]] },
      gives: false,
    },
  ]),
]
