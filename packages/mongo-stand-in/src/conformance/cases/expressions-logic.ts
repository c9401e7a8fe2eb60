import { BSONRegExp, MaxKey, MinKey, ObjectId } from 'bson'
import type { ConformanceCase } from '../case.ts'
import { expressionCases } from './expression-row.ts'
import { date, decimal, double, long } from './typed-value.ts'

// biome-ignore lint/suspicious/noThenProperty: the name of MongoDB's argument
const branch = (condition: unknown, result: unknown) => ({ case: condition, then: result })

/** Comparison across types, the truth of values, conditions. */
export const logicExpressions: readonly ConformanceCase[] = [
  ...expressionCases('cmp', [
    {
      name: '$cmp of a smaller value is -1',
      says: 'returns -1 when the first value is less',
      expression: { $cmp: [1, 2] },
      gives: -1,
    },
    {
      name: '$cmp of a number and a string goes by type',
      says: 'values of different types compare in the order of BSON types, where numbers come before strings',
      expression: { $cmp: ['1', 2] },
      gives: 1,
    },
    {
      name: '$cmp of an array and a document goes by type',
      says: 'documents come before arrays',
      expression: { $cmp: [[1], { a: 1 }] },
      gives: 1,
    },
    {
      name: '$cmp of a date and a boolean goes by type',
      says: 'booleans come before dates',
      expression: { $cmp: [date('1960-01-01'), true] },
      gives: 1,
    },
    {
      name: '$cmp of documents looks at field names',
      says: 'documents compare field by field, with their names',
      expression: { $cmp: [{ b: 1 }, { a: 2 }] },
      gives: 1,
    },
    {
      name: '$cmp of a shorter array',
      says: 'an array that is a beginning of another one is less',
      expression: {
        $cmp: [
          [1, 2],
          [1, 2, 3],
        ],
      },
      gives: -1,
    },
  ]),
  ...expressionCases('eq', [
    {
      name: '$eq of an int and a double of the same value',
      says: 'numbers of different types are compared by value',
      expression: { $eq: [1, double(1)] },
      gives: true,
    },
    {
      name: '$eq of a long and a double that differ in the last bit',
      says: 'numbers are compared exactly, not after conversion',
      expression: { $eq: [long('9007199254740993'), double(9007199254740992)] },
      gives: false,
    },
    {
      name: '$eq of a decimal and an int',
      says: 'numbers of different types are compared by value',
      expression: { $eq: [decimal('1.000'), 1] },
      gives: true,
    },
    {
      name: '$eq of a number and its text',
      says: 'value and type are compared',
      expression: { $eq: [1, '1'] },
      gives: false,
    },
    {
      name: '$eq of a missing field and null',
      says: 'a missing field is not null for an expression',
      expression: { $eq: ['$missing', null] },
      gives: false,
    },
    {
      name: '$eq of an array and its only element',
      says: 'an array is compared as a whole',
      expression: { $eq: ['$a', 5] },
      of: { a: [5] },
      gives: false,
    },
    {
      name: '$eq of documents with fields in another order',
      says: 'the order of fields counts',
      expression: {
        $eq: [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      },
      gives: false,
    },
    {
      name: '$eq with a collation that ignores case',
      says: 'strings are compared by the collation of the operation',
      expression: { $eq: ['ab', 'AB'] },
      collation: { locale: 'en', strength: 2 },
      gives: true,
    },
    {
      name: '$eq of NaN and NaN',
      says: 'NaN equals itself in the order of BSON values',
      expression: { $eq: [Number.NaN, Number.NaN] },
      gives: true,
    },
  ]),
  ...expressionCases('lt', [
    {
      name: '$lt of a missing field and null',
      says: 'a missing field comes before null',
      expression: { $lt: ['$missing', null] },
      gives: true,
    },
    {
      name: '$lt of NaN and the smallest number',
      says: 'NaN is less than every number',
      expression: { $lt: [Number.NaN, Number.NEGATIVE_INFINITY] },
      gives: true,
    },
    {
      name: '$lt of MinKey and null',
      says: 'MinKey comes before everything',
      expression: { $lt: [new MinKey(), null] },
      gives: true,
    },
  ]),
  ...expressionCases('gte', [
    {
      name: '$gte of a string and a number goes by type',
      says: 'strings come after numbers',
      expression: { $gte: ['', 1000000] },
      gives: true,
    },
    {
      name: '$gte of MaxKey',
      says: 'MaxKey comes after everything',
      expression: { $gte: [new MaxKey(), new BSONRegExp('a')] },
      gives: true,
    },
  ]),
  ...expressionCases('and', [
    {
      name: '$and of nothing is true',
      says: 'without arguments it is true',
      expression: { $and: [] },
      gives: true,
    },
    {
      name: '$and takes text, arrays, documents and dates as true',
      says: 'all but false, null, 0 and undefined is true, the empty string and the empty array too',
      expression: { $and: ['', 'false', [], {}, date('1970-01-01'), new ObjectId(), Number.NaN] },
      gives: true,
    },
    {
      name: '$and takes null as false',
      says: 'null counts as false',
      expression: { $and: [1, null] },
      gives: false,
    },
    {
      name: '$and takes a missing field as false',
      says: 'undefined is false',
      expression: { $and: [1, '$missing'] },
      gives: false,
    },
    {
      name: '$and takes every zero as false',
      says: 'zero is false in each numeric type',
      expression: [{ $and: [0] }, { $and: [long(0)] }, { $and: [double(-0)] }, { $and: [decimal('0.00')] }],
      gives: [false, false, false, false],
    },
  ]),
  ...expressionCases('or', [
    {
      name: '$or of nothing is false',
      says: 'without arguments it is false',
      expression: { $or: [] },
      gives: false,
    },
    {
      name: '$or stops at the first true value',
      says: 'further arguments are not looked at once one is true',
      expression: { $or: [true, { $divide: [1, '$zero'] }] },
      of: { zero: 0 },
      gives: true,
    },
  ]),
  ...expressionCases('not', [
    { name: '$not of null is true', says: 'null counts as false', expression: { $not: [null] }, gives: true },
    {
      name: '$not of an array of false is false',
      says: 'an array is true whatever it holds',
      expression: { $not: [[false]] },
      gives: false,
    },
  ]),
  ...expressionCases('cond', [
    {
      name: '$cond with a missing condition takes the else',
      says: 'the condition counts as a boolean',
      expression: { $cond: ['$missing', 'yes', 'no'] },
      gives: 'no',
    },
    {
      name: '$cond evaluates one branch alone',
      says: 'only the expression of the branch is evaluated',
      expression: { $cond: [{ $eq: ['$zero', 0] }, 'none', { $divide: [1, '$zero'] }] },
      of: { zero: 0 },
      gives: 'none',
    },
    {
      name: '$cond without then fails',
      says: 'all three arguments are required',
      expression: { $cond: { if: true, else: 1 } },
      fails: { error: 17081 },
    },
  ]),
  ...expressionCases('switch', [
    {
      name: '$switch takes the first true branch',
      says: 'the first case that is true decides',
      expression: {
        $switch: {
          branches: [branch({ $lt: ['$a', 5] }, 'small'), branch({ $lt: ['$a', 10] }, 'middle')],
          default: 'large',
        },
      },
      of: { a: 3 },
      gives: 'small',
    },
    {
      name: '$switch falls to the default',
      says: 'the default is used when no case is true',
      expression: { $switch: { branches: [branch(false, 1)], default: 'large' } },
      gives: 'large',
    },
    {
      name: '$switch without a true case and default fails',
      says: 'it is an error when no case is true and there is no default',
      expression: { $switch: { branches: [branch({ $eq: ['$a', 1] }, 1)] } },
      of: { a: 2 },
      fails: { error: 40066 },
    },
    {
      name: '$switch without branches fails',
      says: 'at least one branch is needed',
      expression: { $switch: { branches: [], default: 1 } },
      fails: { error: 40068 },
    },
  ]),
  ...expressionCases('ifNull', [
    {
      name: '$ifNull replaces null',
      says: 'the replacement stands for null',
      expression: { $ifNull: [null, 'other'] },
      gives: 'other',
    },
    {
      name: '$ifNull replaces a missing field, past several nulls',
      says: 'the first value that is not null is returned, whatever number of inputs there is',
      expression: { $ifNull: ['$missing', null, 0, 'other'] },
      gives: 0,
    },
    {
      name: '$ifNull with a missing replacement gives nothing',
      says: 'the replacement is returned when all inputs are null, even one without value',
      expression: { $ifNull: [null, '$missing'] },
    },
    {
      name: '$ifNull keeps an empty string',
      says: 'only null, undefined and missing fields are replaced',
      expression: { $ifNull: ['', 'other'] },
      gives: '',
    },
    {
      name: '$ifNull of one argument fails',
      says: 'it needs an input and a replacement',
      expression: { $ifNull: ['$a'] },
      fails: { error: 1257300 },
    },
  ]),
  ...expressionCases('allElementsTrue', [
    {
      name: '$allElementsTrue of an empty array',
      says: 'an empty array has no false element',
      expression: { $allElementsTrue: [[]] },
      gives: true,
    },
    {
      name: '$allElementsTrue with null inside',
      says: 'null, 0 and undefined are false',
      expression: { $allElementsTrue: [[true, 1, null]] },
      gives: false,
    },
    {
      name: '$allElementsTrue of a scalar fails',
      says: 'the argument is an array',
      expression: { $allElementsTrue: [null] },
      fails: { error: 17040 },
    },
  ]),
  ...expressionCases('anyElementTrue', [
    {
      name: '$anyElementTrue with an array inside',
      says: 'a nested array is true, even one of false',
      expression: { $anyElementTrue: [[[false]]] },
      gives: true,
    },
    {
      name: '$anyElementTrue of falsy elements',
      says: 'null, false, 0 and undefined are false',
      expression: { $anyElementTrue: [[null, false, 0]] },
      gives: false,
    },
    {
      name: '$anyElementTrue of a scalar fails',
      says: 'the argument is an array',
      expression: { $anyElementTrue: ['x'] },
      fails: { error: 17041 },
    },
  ]),
]
