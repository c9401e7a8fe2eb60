import { Binary, BSONRegExp } from 'bson'
import type { ConformanceCase, Given } from '../case.ts'
import { type QueryRow, queryCases } from './query-row.ts'
import { decimal, double, long } from './typed-value.ts'

const texts: Given = [
  { _id: 1, a: 'Apple\nbanana' },
  { _id: 2, a: 'apple pie' },
  { _id: 3, a: ['cherry', 'APPLE'] },
  { _id: 4, a: 5 },
  { _id: 5, a: 'a.c' },
]

const bits: Given = [
  { _id: 1, a: 54 }, // 00110110
  { _id: 2, a: 20 }, // 00010100
  { _id: 3, a: double(20) },
  { _id: 4, a: new Binary(new Uint8Array([0x66])) }, // 01100110
  { _id: 5, a: double(20.5) },
  { _id: 6, a: '20' },
]

const bitPage = (name: string) => `reference/operator/query/${name}`

const rows: readonly QueryRow[] = [
  {
    name: '$mod finds remainders',
    page: 'reference/operator/query/mod',
    says: '$mod selects documents whose field divided by the divisor has the remainder',
    given: [
      { _id: 1, a: 0 },
      { _id: 2, a: 5 },
      { _id: 3, a: long(12) },
      { _id: 4, a: '12' },
    ],
    filter: { a: { $mod: [4, 0] } },
    ids: [1, 3],
  },
  {
    name: '$mod of a negative value has a negative remainder',
    page: 'reference/operator/query/mod',
    says: 'with a negative dividend the remainder is negative',
    given: [
      { _id: 1, a: -5 },
      { _id: 2, a: 5 },
      { _id: 3, a: -1 },
    ],
    filter: { a: { $mod: [4, -1] } },
    ids: [1, 3],
  },
  {
    name: '$mod cuts fractions of its arguments',
    page: 'reference/operator/query/mod',
    says: '$mod rounds divisor and remainder towards zero',
    given: [
      { _id: 1, a: 0 },
      { _id: 2, a: 5 },
      { _id: 3, a: 12 },
    ],
    filter: { a: { $mod: [double(4.9), double(0.7)] } },
    ids: [1, 3],
  },
  {
    name: '$mod with a negative divisor',
    page: 'reference/operator/query/mod',
    says: 'the divisor may be negative',
    given: [
      { _id: 1, a: 4 },
      { _id: 2, a: -8 },
      { _id: 3, a: 6 },
    ],
    filter: { a: { $mod: [-4, 0] } },
    ids: [1, 2],
  },
  {
    name: '$regex finds a part of a string',
    page: 'reference/operator/query/regex',
    says: '$regex selects documents whose string fits the expression; case matters',
    given: texts,
    filter: { a: { $regex: 'pple' } },
    ids: [1, 2],
  },
  {
    name: '$regex with option i',
    page: 'reference/operator/query/regex',
    says: 'option i ignores case',
    given: texts,
    filter: { a: { $regex: '^apple$', $options: 'i' } },
    ids: [3],
  },
  {
    name: '$regex anchors without option m',
    page: 'reference/operator/query/regex',
    says: 'without option m an anchor fits the start of the string only',
    given: texts,
    filter: { a: { $regex: '^banana' } },
    ids: [],
  },
  {
    name: '$regex anchors with option m',
    page: 'reference/operator/query/regex',
    says: 'with option m an anchor fits the start of each line',
    given: texts,
    filter: { a: { $regex: '^banana', $options: 'm' } },
    ids: [1],
  },
  {
    name: '$regex dot without option s',
    page: 'reference/operator/query/regex',
    says: 'the dot does not fit a new line without option s',
    given: texts,
    filter: { a: { $regex: 'Apple.banana' } },
    ids: [],
  },
  {
    name: '$regex dot with option s',
    page: 'reference/operator/query/regex',
    says: 'with option s the dot fits every character, new lines included',
    given: texts,
    filter: { a: { $regex: 'Apple.banana', $options: 's' } },
    ids: [1],
  },
  {
    name: '$regex with option x',
    page: 'reference/operator/query/regex',
    says: 'option x ignores white space and comments in the pattern',
    given: texts,
    filter: { a: { $regex: '^apple # the fruit\n \\ pie', $options: 'x' } },
    ids: [2],
  },
  {
    name: 'options beside an expression replace its own',
    page: 'reference/operator/query/regex',
    says: '$regex may be given a regular expression object and $options beside it',
    given: texts,
    filter: { a: { $regex: new BSONRegExp('^cherry$'), $options: 'i' } },
    ids: [3],
  },
  {
    name: '$regex with an escaped dot',
    page: 'reference/operator/query/regex',
    says: 'the pattern is a Perl compatible regular expression',
    given: texts,
    filter: { a: { $regex: '^a\\.c$' } },
    ids: [5],
  },
  {
    name: '$regex with a lookahead',
    page: 'reference/operator/query/regex',
    says: 'the pattern is a Perl compatible regular expression',
    given: texts,
    filter: { a: { $regex: '^apple(?! tart)' } },
    ids: [2],
  },
  {
    name: '$bitsAllSet with a mask',
    page: bitPage('bitsAllSet'),
    says: 'all bits of the mask are set in the field; fractions do not match',
    given: bits,
    filter: { a: { $bitsAllSet: 50 } },
    ids: [1],
  },
  {
    name: '$bitsAllSet with positions',
    page: bitPage('bitsAllSet'),
    says: 'all positions are set, counted from the least significant bit; binary data count too',
    given: bits,
    filter: { a: { $bitsAllSet: [1, 2, 5] } },
    ids: [1, 4],
  },
  {
    name: '$bitsAllSet with a binary mask',
    page: bitPage('bitsAllSet'),
    says: 'the mask may be binary data',
    given: bits,
    filter: { a: { $bitsAllSet: new Binary(new Uint8Array([0x30])) } },
    ids: [1],
  },
  {
    name: '$bitsAllClear',
    page: bitPage('bitsAllClear'),
    says: 'all positions are clear in the field',
    given: bits,
    filter: { a: { $bitsAllClear: [1, 5] } },
    ids: [2, 3],
  },
  {
    name: '$bitsAnySet',
    page: bitPage('bitsAnySet'),
    says: 'at least one position is set',
    given: bits,
    filter: { a: { $bitsAnySet: [0, 6, 4] } },
    ids: [1, 2, 3, 4],
  },
  {
    name: '$bitsAnyClear',
    page: bitPage('bitsAnyClear'),
    says: 'at least one position is clear',
    given: bits,
    filter: { a: { $bitsAnyClear: [1, 2] } },
    ids: [2, 3],
  },
  {
    name: 'the sign of a number goes on above its bits',
    page: bitPage('bitsAllSet'),
    says: 'the field is sign extended: a negative number has every bit above its 64 set, a positive one clear',
    given: [
      { _id: 1, a: -1 },
      { _id: 2, a: 1 },
      { _id: 3, a: new Binary(new Uint8Array([0xff])) },
    ],
    filter: { a: { $bitsAllSet: [200] } },
    ids: [1],
  },
  {
    name: 'numbers in two’s complement',
    page: bitPage('bitsAllClear'),
    says: 'negative numbers are represented in two’s complement',
    given: [
      { _id: 1, a: -2 },
      { _id: 2, a: -1 },
      { _id: 3, a: long(-4) },
    ],
    filter: { a: { $bitsAllClear: [0] } },
    ids: [1, 3],
  },
  {
    name: '$expr compares two fields',
    page: 'reference/operator/query/expr',
    says: '$expr allows aggregation expressions, which can compare fields of the same document',
    given: [
      { _id: 1, spent: 450, budget: 400 },
      { _id: 2, spent: 100, budget: 200 },
      { _id: 3, spent: long(5), budget: decimal('4.5') },
    ],
    filter: { $expr: { $gt: ['$spent', '$budget'] } },
    ids: [1, 3],
  },
  {
    name: '$expr compares values of different types by the order of types',
    page: 'reference/operator/aggregation/gt',
    says: 'expressions compare both value and type by the order of BSON types',
    given: [
      { _id: 1, a: 'text' },
      { _id: 2, a: 3 },
      { _id: 3, a: 9 },
    ],
    filter: { $expr: { $gt: ['$a', 5] } },
    ids: [1, 3],
  },
  {
    name: '$expr does not look into arrays',
    page: 'reference/operator/query/expr',
    says: 'comparison expressions compare an array as a whole, unlike query operators',
    given: [
      { _id: 1, a: [5] },
      { _id: 2, a: 5 },
    ],
    filter: { $expr: { $eq: ['$a', 5] } },
    ids: [2],
  },
  {
    name: '$jsonSchema required and types',
    page: 'reference/operator/query/jsonSchema',
    says: 'documents that fit the schema match: required fields are there and have their types',
    given: [
      { _id: 1, name: 'x', age: 5 },
      { _id: 2, name: 'x' },
      { _id: 3, name: 5, age: 5 },
      { _id: 4, name: 'x', age: double(5) },
    ],
    filter: {
      $jsonSchema: {
        required: ['name', 'age'],
        properties: { name: { bsonType: 'string' }, age: { bsonType: 'int' } },
      },
    },
    ids: [1],
  },
  {
    name: '$jsonSchema limits apply to values of their type',
    page: 'reference/operator/query/jsonSchema',
    says: 'a keyword applies to its type only: minimum says nothing about strings or missing fields',
    given: [{ _id: 1, a: 5 }, { _id: 2, a: 1 }, { _id: 3, a: 'text' }, { _id: 4 }],
    filter: { $jsonSchema: { properties: { a: { minimum: 3 } } } },
    ids: [1, 3, 4],
  },
  {
    name: '$jsonSchema enum and additionalProperties',
    page: 'reference/operator/query/jsonSchema',
    says: 'enum lists the values that are allowed; additionalProperties false allows no field that is not named',
    given: [
      { _id: 1, a: 'x' },
      { _id: 2, a: 'z' },
      { _id: 3, a: 'x', b: 1 },
    ],
    filter: {
      $jsonSchema: { additionalProperties: false, properties: { _id: {}, a: { enum: ['x', 'y'] } } },
    },
    ids: [1],
  },
  {
    name: '$jsonSchema items',
    page: 'reference/operator/query/jsonSchema',
    says: 'items holds for each element of an array, minItems and uniqueItems for the array',
    given: [
      { _id: 1, a: ['x', 'y'] },
      { _id: 2, a: ['x', 1] },
      { _id: 3, a: ['x'] },
      { _id: 4, a: ['x', 'x'] },
    ],
    filter: {
      $jsonSchema: { properties: { a: { items: { bsonType: 'string' }, minItems: 2, uniqueItems: true } } },
    },
    ids: [1],
  },
  {
    name: '$jsonSchema number is every numeric type',
    page: 'reference/operator/query/jsonSchema',
    says: 'type number stands for all numeric types',
    given: [
      { _id: 1, a: 1 },
      { _id: 2, a: double(1.5) },
      { _id: 3, a: decimal('1') },
      { _id: 4, a: '1' },
    ],
    filter: { $jsonSchema: { properties: { a: { type: 'number' } } } },
    ids: [1, 2, 3],
  },
  {
    name: '$jsonSchema anyOf and not',
    page: 'reference/operator/query/jsonSchema',
    says: 'anyOf wants at least one schema to fit, not that the schema does not',
    given: [
      { _id: 1, a: 1 },
      { _id: 2, a: 'x' },
      { _id: 3, a: true },
      { _id: 4, a: 'no' },
    ],
    filter: {
      $jsonSchema: {
        properties: { a: { anyOf: [{ bsonType: 'int' }, { bsonType: 'string' }], not: { enum: ['no'] } } },
      },
    },
    ids: [1, 2],
  },
  {
    name: '$comment changes nothing',
    page: 'reference/operator/query/comment',
    says: '$comment attaches a remark to a query',
    given: [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ],
    filter: { a: 1, $comment: 'the first one' },
    ids: [1],
  },
]

const refused = (
  name: string,
  page: string,
  says: string,
  filter: Record<string, unknown>,
  error: number,
) => ({
  name,
  page: `reference/operator/query/${page}`,
  says,
  given: [{ _id: 1, a: 1 }],
  when: { find: filter },
  gives: { error },
})

export const queryEvaluation: readonly ConformanceCase[] = [
  ...queryCases(rows),
  refused(
    '$mod of one number',
    'mod',
    '$mod errors when the array has fewer than two elements',
    { a: { $mod: [4] } },
    2,
  ),
  refused(
    '$mod of three numbers',
    'mod',
    '$mod errors when the array has more than two elements',
    { a: { $mod: [4, 0, 1] } },
    2,
  ),
  refused('$mod by zero', 'mod', 'the divisor of $mod must not be 0', { a: { $mod: [0, 0] } }, 2),
  refused(
    '$mod by NaN',
    'mod',
    '$mod errors when divisor or remainder is NaN',
    { a: { $mod: [double(Number.NaN), 0] } },
    2,
  ),
  refused(
    '$mod by infinity',
    'mod',
    '$mod errors when divisor or remainder is infinite',
    { a: { $mod: [double(Number.POSITIVE_INFINITY), 0] } },
    2,
  ),
  refused('$options alone', 'regex', '$options goes with $regex', { a: { $options: 'i' } }, 2),
  refused(
    '$jsonSchema with an unknown keyword',
    'jsonSchema',
    'the keywords are those that are listed',
    { $jsonSchema: { nonsense: 1 } },
    9,
  ),
]
