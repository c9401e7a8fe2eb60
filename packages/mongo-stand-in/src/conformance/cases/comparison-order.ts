import { Binary, BSONRegExp, BSONSymbol, Code, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import type { ConformanceCase } from '../case.ts'
import { date, decimal, double, long } from './typed-value.ts'

/** Values in the order in which they are to come; they go in in another one. */
interface OrderRow {
  readonly name: string
  readonly says: string
  readonly ascending: readonly unknown[]
  /** Left out where it is the mirror of `ascending`. */
  readonly descending?: readonly unknown[]
}

const everyType: readonly unknown[] = [
  new MinKey(),
  null,
  -1,
  'text',
  { a: 1 },
  new Binary(new Uint8Array([1])),
  new ObjectId('5f0000000000000000000001'),
  false,
  date('2020-01-01'),
  new Timestamp({ t: 1, i: 1 }),
  new BSONRegExp('a'),
  new Code('x'),
  new Code('x', { y: 1 }),
  new MaxKey(),
]

const bytes = (subtype: number, ...values: number[]) => new Binary(new Uint8Array(values), subtype)
const stamp = (t: number, i: number) => new Timestamp({ t, i })

const rows: readonly OrderRow[] = [
  {
    name: 'all types',
    says: 'values of different types come in the order MinKey, null, numbers, strings, objects, binary data, ObjectId, boolean, date, timestamp, regular expression, code, MaxKey',
    ascending: everyType,
  },
  {
    name: 'an array of arrays stands between objects and binary data',
    says: 'arrays come after objects and before binary data; an array inside of an array is compared as an array',
    ascending: [{ a: 1 }, [[1]], bytes(0, 1)],
  },
  {
    name: 'numbers of four types',
    says: 'the numeric types are converted before they are compared, so that the value decides',
    ascending: [double(-1.5), -1, long(0), decimal('0.5'), 1, double(1.5), long(2), decimal('2.5')],
  },
  {
    name: 'NaN',
    says: 'NaN is less than every other number',
    ascending: [
      null,
      double(Number.NaN),
      double(Number.NEGATIVE_INFINITY),
      -5,
      double(Number.POSITIVE_INFINITY),
    ],
  },
  {
    name: 'a long beyond 2^53 and doubles',
    says: 'numbers compare by their exact values, also where a double cannot hold the long',
    ascending: [double(2 ** 53), long('9007199254740993'), double(2 ** 53 + 2), long('9007199254740995')],
  },
  {
    name: 'longs that one double stands for',
    says: 'numbers compare by their exact values',
    ascending: [
      long('9223372036854775805'),
      long('9223372036854775806'),
      long('9223372036854775807'),
      double(2 ** 63),
    ],
  },
  {
    name: 'a decimal and a double that look alike',
    says: 'a double is compared with a decimal by the value that it really has: 0.1 is a little more than a tenth',
    ascending: [decimal('0.1'), double(0.1), decimal('0.2'), double(0.2)],
  },
  {
    name: 'infinite decimals',
    says: 'infinities end the order of numbers',
    ascending: [
      decimal('-Infinity'),
      decimal('-1E+6000'),
      double(-1e300),
      double(1e300),
      decimal('1E+6000'),
      decimal('Infinity'),
    ],
  },
  {
    name: 'strings by bytes',
    says: 'without a collation strings compare as plain bytes: capitals come first',
    ascending: ['', 'A', 'Z', 'a', 'aa', 'b', 'z', 'ä'],
  },
  {
    name: 'strings beyond the basic plane',
    says: 'strings compare as bytes of UTF-8, where a code point above U+FFFF comes after every one below',
    ascending: ['\u{FF5A}', '\u{FFFD}', '\u{1F600}'],
  },
  {
    name: 'symbols among strings',
    says: 'symbols and strings are equivalent types in comparisons',
    ascending: ['a', new BSONSymbol('b'), 'c'],
  },
  {
    name: 'objects: a missing field',
    says: 'an object that has no further pairs is less than one that has',
    ascending: [{}, { a: 1 }, { a: 1, b: 0 }],
  },
  {
    name: 'objects: the type of a field goes before its name',
    says: 'pairs are compared by type of the value first, then by field name, then by value',
    ascending: [{ z: 1 }, { a: 'text' }],
  },
  {
    name: 'objects: the name of a field goes before its value',
    says: 'where the types are equal the field names are compared, and then the values',
    ascending: [{ a: 9 }, { b: 1 }, { b: 2 }],
  },
  {
    name: 'objects: fields in their order',
    says: 'pairs are compared in the order in which they stand in the object',
    ascending: [
      { a: 1, b: 2 },
      { b: 0, a: 9 },
    ],
  },
  {
    name: 'objects: pair after pair',
    says: 'when the first pairs are equal, the next ones decide',
    ascending: [
      { a: 1, b: 1 },
      { a: 1, b: 'text' },
      { a: 2, b: 0 },
    ],
  },
  {
    name: 'nested objects',
    says: 'values that are objects are compared recursively',
    ascending: [{ a: { b: 1 } }, { a: { b: 2 } }, { a: { c: 0 } }],
  },
  {
    name: 'binary data: length, then subtype, then bytes',
    says: 'binary data are compared by length, then by subtype, then byte by byte',
    ascending: [bytes(5, 9), bytes(0, 1, 2), bytes(0, 1, 3), bytes(5, 0, 0), bytes(0, 0, 0, 0)],
  },
  {
    name: 'binary data: bytes are unsigned',
    says: 'binary data of equal length and subtype are compared byte by byte',
    ascending: [bytes(0, 0x00), bytes(0, 0x7f), bytes(0, 0x80), bytes(0, 0xff)],
  },
  {
    name: 'ObjectIds',
    says: 'ObjectIds begin with their time in seconds, most significant byte first, so they sort by time',
    ascending: [
      new ObjectId('000000000000000000000001'),
      new ObjectId('5f0000000000000000000000'),
      new ObjectId('5f00000000000000000000ff'),
      new ObjectId('ff0000000000000000000000'),
    ],
  },
  { name: 'booleans', says: 'false is less than true', ascending: [false, true] },
  {
    name: 'dates before 1970',
    says: 'dates are signed 64-bit milliseconds, so times before 1970 come first',
    ascending: [date('1900-01-01'), date('1969-12-31'), date('1970-01-01'), date('2020-01-01')],
  },
  {
    name: 'timestamps',
    says: 'timestamps compare by their seconds and then by their ordinal, both unsigned',
    ascending: [stamp(1, 9), stamp(2, 1), stamp(2, 2), stamp(0xf0000000, 0), stamp(0xf0000000, 0xf0000000)],
  },
  {
    name: 'a date comes before every timestamp',
    says: 'date objects sort before timestamp objects',
    ascending: [date('2099-01-01'), stamp(1, 1)],
  },
  {
    name: 'arrays: the smallest element ascending, the largest descending',
    says: 'an ascending sort compares the smallest element of arrays, a descending one the largest',
    ascending: [[1, 9], 2, [3, 5], 4],
    descending: [[1, 9], [3, 5], 4, 2],
  },
  {
    name: 'arrays: elements of mixed types',
    says: 'the smallest and the largest element are found by the order of types',
    ascending: [[null, 'z'], [5, 'a'], 6, 'b'],
    descending: [[null, 'z'], 'b', [5, 'a'], 6],
  },
  {
    name: 'an empty array is less than null',
    says: 'an empty array is treated as less than null or a missing field',
    ascending: [new MinKey(), [], null, 0],
  },
  {
    name: 'an array of one element is compared as that element',
    says: 'a field that is an array is compared with one that is not as if the latter were an array of one element',
    ascending: [[1], 2, [3]],
  },
]

const page = 'reference/bson-type-comparison-order'

const ordered = (
  name: string,
  says: string,
  values: readonly unknown[],
  direction: number,
): ConformanceCase => ({
  name,
  page,
  says,
  given: shuffled(values).map((at) => ({ _id: at, v: values[at] })),
  when: { find: {}, sort: { v: direction } },
  gives: { ids: values.map((_, at) => at) },
})

/** Positions in an order that is neither the wanted one nor its mirror: odd ones first, then even ones backwards. */
function shuffled(values: readonly unknown[]): number[] {
  const positions = values.map((_, at) => at)
  return [...positions.filter((at) => at % 2 === 1), ...positions.filter((at) => at % 2 === 0).reverse()]
}

export const comparisonOrder: readonly ConformanceCase[] = [
  ...rows.map(({ name, says, ascending }) => ordered(`${name}, ascending`, says, ascending, 1)),
  ...rows.map(({ name, says, ascending, descending }) =>
    ordered(`${name}, descending`, says, descending ?? [...ascending].reverse(), -1),
  ),
  {
    name: 'a missing field sorts as null',
    page,
    says: 'a field that does not exist is treated like one that is null',
    given: [{ _id: 3, v: 0 }, { _id: 1 }, { _id: 2, v: null }],
    when: { find: {}, sort: { v: 1, _id: 1 } },
    gives: { ids: [1, 2, 3] },
  },
  {
    name: 'equal numbers of different types leave the order to the next field',
    page,
    says: 'numeric types are equivalent: equal values do not differ by their type',
    given: [
      { _id: 3, v: decimal('1.0') },
      { _id: 1, v: 1 },
      { _id: 4, v: double(1) },
      { _id: 2, v: long(1) },
    ],
    when: { find: {}, sort: { v: 1, _id: 1 } },
    gives: { ids: [1, 2, 3, 4] },
  },
  {
    name: 'minus zero is zero',
    page,
    says: 'equal values do not differ by their representation',
    given: [
      { _id: 2, v: double(-0) },
      { _id: 1, v: 0 },
      { _id: 3, v: decimal('-0') },
    ],
    when: { find: {}, sort: { v: 1, _id: 1 } },
    gives: { ids: [1, 2, 3] },
  },
  {
    name: 'NaN of both types is equal',
    page,
    says: 'numeric types are equivalent, NaN included',
    given: [
      { _id: 2, v: double(Number.NaN) },
      { _id: 1, v: decimal('NaN') },
      { _id: 3, v: 0 },
    ],
    when: { find: {}, sort: { v: 1, _id: 1 } },
    gives: { ids: [1, 2, 3] },
  },
  {
    name: 'a sort goes by several fields, each with its direction',
    page: 'reference/method/cursor.sort',
    says: 'documents are sorted by the first field; those that are equal in it by the next',
    given: [
      { _id: 1, a: 1, b: 1 },
      { _id: 2, a: 2, b: 1 },
      { _id: 3, a: 1, b: 2 },
      { _id: 4, a: 2, b: 2 },
    ],
    when: { find: {}, sort: { a: -1, b: 1 } },
    gives: { ids: [2, 4, 1, 3] },
  },
  {
    name: 'a sort through an array of objects',
    page: 'reference/method/cursor.sort',
    says: 'of the values that a path has in an array the least counts when ascending',
    given: [
      { _id: 1, a: [{ b: 5 }, { b: 2 }] },
      { _id: 2, a: [{ b: 1 }, { b: 9 }] },
      { _id: 3, a: { b: 3 } },
    ],
    when: { find: {}, sort: { 'a.b': 1 } },
    gives: { ids: [2, 1, 3] },
  },
  {
    name: 'a sort through an array of objects, descending',
    page: 'reference/method/cursor.sort',
    says: 'of the values that a path has in an array the greatest counts when descending',
    given: [
      { _id: 1, a: [{ b: 5 }, { b: 2 }] },
      { _id: 2, a: [{ b: 1 }, { b: 9 }] },
      { _id: 3, a: { b: 3 } },
    ],
    when: { find: {}, sort: { 'a.b': -1 } },
    gives: { ids: [2, 1, 3] },
  },
  {
    name: 'a sort by a position in an array',
    page: 'core/document',
    says: 'dot notation names an element of an array by its position',
    given: [
      { _id: 1, a: [5, 1] },
      { _id: 2, a: [3, 9] },
      { _id: 3, a: [4] },
    ],
    when: { find: {}, sort: { 'a.0': 1 } },
    gives: { ids: [2, 3, 1] },
  },
  {
    name: 'a sort by a path does not enter arrays within arrays',
    page: 'core/document',
    says: 'a path goes through one array at a time; an array directly inside of an array needs its position',
    given: [
      { _id: 1, a: { b: 3 } },
      { _id: 2, a: [[{ b: 5 }]] },
    ],
    when: { find: {}, sort: { 'a.b': 1 } },
    gives: { ids: [2, 1] },
  },
  {
    name: 'a direction other than 1 and -1 is refused',
    page: 'reference/method/cursor.sort',
    says: 'a sort key is 1 or -1 or a $meta expression',
    given: [{ _id: 1 }],
    when: { command: { find: 'things', sort: { a: 2 } } },
    gives: { error: 15975 },
  },
]
