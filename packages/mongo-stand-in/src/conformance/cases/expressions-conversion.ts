import { Binary, BSONRegExp, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import type { ConformanceCase } from '../case.ts'
import { type ExpressionRow, expressionCases } from './expression-row.ts'
import { date, decimal, double, long } from './typed-value.ts'

const id = new ObjectId('0123456789abcdef01234567')
const moment = date('1970-01-01T00:00:00.123Z')
const failure = { error: 241 }

/** Every conversion of one type to another that the manual's tables list: input, target, result. */
const POSSIBLE: ReadonlyArray<readonly [type: string, input: unknown, to: string, gives: unknown]> = [
  ['double', 1.9, 'double', 1.9],
  ['double', 1.9, 'string', '1.9'],
  ['double', 1.9, 'bool', true],
  ['double', 1.9, 'date', date('1970-01-01T00:00:00.001Z')],
  ['double', -1.9, 'int', -1],
  ['double', 1.9, 'long', long(1)],
  ['double', 2.5, 'decimal', decimal('2.50000000000000')],
  ['string', '-5.5', 'double', -5.5],
  ['string', '5e10', 'double', double(5e10)],
  ['string', 'text', 'string', 'text'],
  ['string', '0123456789abcdef01234567', 'objectId', id],
  ['string', 'false', 'bool', true],
  ['string', '', 'bool', true],
  ['string', '2018-03-20 11:00:06 +0500', 'date', date('2018-03-20T06:00:06Z')],
  ['string', '2018-03-03', 'date', date('2018-03-03T00:00:00Z')],
  ['string', '-2', 'int', -2],
  ['string', '-2147483649', 'long', long('-2147483649')],
  ['string', '-5.50', 'decimal', decimal('-5.50')],
  ['objectId', id, 'string', '0123456789abcdef01234567'],
  ['objectId', id, 'bool', true],
  ['objectId', id, 'objectId', id],
  ['objectId', id, 'date', date('1970-08-09T22:25:43Z')],
  ['bool', false, 'double', double(0)],
  ['bool', false, 'string', 'false'],
  ['bool', false, 'bool', false],
  ['bool', true, 'int', 1],
  ['bool', true, 'long', long(1)],
  ['bool', true, 'decimal', decimal('1')],
  ['date', moment, 'double', double(123)],
  ['date', moment, 'string', '1970-01-01T00:00:00.123Z'],
  ['date', moment, 'bool', true],
  ['date', moment, 'date', moment],
  ['date', moment, 'long', long(123)],
  ['date', moment, 'decimal', decimal('123')],
  ['int', 1, 'double', double(1)],
  ['int', 1, 'string', '1'],
  ['int', 0, 'bool', false],
  ['int', 1, 'int', 1],
  ['int', 1, 'long', long(1)],
  ['int', 1, 'decimal', decimal('1')],
  ['long', long('9007199254740993'), 'double', double(9007199254740992)],
  ['long', long(1), 'string', '1'],
  ['long', long(0), 'bool', false],
  ['long', long(1), 'date', date('1970-01-01T00:00:00.001Z')],
  ['long', long(5000), 'int', 5000],
  ['long', long(1), 'long', long(1)],
  ['long', long('9223372036854775807'), 'decimal', decimal('9223372036854775807')],
  ['decimal', decimal('1.9'), 'double', 1.9],
  ['decimal', decimal('1.90'), 'string', '1.90'],
  ['decimal', decimal('0.0'), 'bool', false],
  ['decimal', decimal('1.9'), 'date', date('1970-01-01T00:00:00.001Z')],
  ['decimal', decimal('5.5000'), 'int', 5],
  ['decimal', decimal('-1.9'), 'long', long(-1)],
  ['decimal', decimal('1.9'), 'decimal', decimal('1.9')],
  ['minKey', new MinKey(), 'bool', true],
  ['maxKey', new MaxKey(), 'bool', true],
  ['object', { $literal: { a: false } }, 'bool', true],
  ['array', [false], 'bool', true],
  ['binData', new Binary(Buffer.from([0])), 'bool', true],
  ['regex', new BSONRegExp('a'), 'bool', true],
  ['timestamp', new Timestamp({ t: 0, i: 1 }), 'bool', true],
]

/** Conversions that the tables do not list, and values that a listed conversion cannot take. */
const IMPOSSIBLE: ReadonlyArray<readonly [type: string, input: unknown, to: string]> = [
  ['double', 1.9, 'objectId'],
  ['double past an int', 2147483648, 'int'],
  ['double NaN', Number.NaN, 'int'],
  ['double infinity', Number.POSITIVE_INFINITY, 'long'],
  ['double past a long', double(2 ** 63), 'long'],
  ['objectId', id, 'double'],
  ['objectId', id, 'int'],
  ['objectId', id, 'long'],
  ['objectId', id, 'decimal'],
  ['bool', false, 'objectId'],
  ['bool', false, 'date'],
  ['date', moment, 'objectId'],
  ['date', moment, 'int'],
  ['int', 1, 'objectId'],
  ['int', 1, 'date'],
  ['long past an int', long(922337203600), 'int'],
  ['long', long(1), 'objectId'],
  ['decimal past an int', decimal('9223372036000.000'), 'int'],
  ['decimal', decimal('1.9'), 'objectId'],
  ['string with a fraction', '2.5', 'int'],
  ['string in base 16', '0x6400', 'int'],
  ['string in base 16', '0x6400', 'double'],
  ['string with white space', ' 1', 'int'],
  ['empty string', '', 'int'],
  ['string past a double', '5e550', 'double'],
  ['string past a long', '9223372036854775808', 'long'],
  ['short string', '0123456789', 'objectId'],
  ['string that is no date', 'Friday', 'date'],
  ['minKey', new MinKey(), 'string'],
  ['timestamp', new Timestamp({ t: 1, i: 1 }), 'int'],
]

const possible = POSSIBLE.map(
  ([type, input, to, gives], at): ExpressionRow => ({
    name: `$convert ${type} to ${to} (${at + 1})`,
    says: `the table of conversions to ${to} lists ${type}`,
    expression: { $convert: { input: '$input', to } },
    of: { input: type === 'object' ? { a: false } : input },
    gives,
  }),
)

const impossible = IMPOSSIBLE.map(
  ([type, input, to], at): ExpressionRow => ({
    name: `$convert ${type} to ${to} fails (${at + 1})`,
    says: `the table of conversions to ${to} does not take it`,
    expression: { $convert: { input: '$input', to } },
    of: { input },
    fails: failure,
  }),
)

/** Conversions between types. */
export const conversionExpressions: readonly ConformanceCase[] = [
  ...expressionCases('convert', [
    ...possible,
    ...impossible,
    {
      name: '$convert with onError',
      says: 'onError stands for a conversion that fails, also for one that does not exist',
      expression: [
        { $convert: { input: 'x', to: 'int', onError: 'broken' } },
        { $convert: { input: true, to: 'date', onError: 'broken' } },
      ],
      gives: ['broken', 'broken'],
    },
    {
      name: '$convert with onError leaves errors of the input',
      says: 'onError is for the conversion alone, not for the expression of the input',
      expression: { $convert: { input: { $divide: [1, '$zero'] }, to: 'string', onError: 'broken' } },
      of: { zero: 0 },
      fails: { error: 2 },
    },
    {
      name: '$convert with onError that has no value',
      says: 'the value of onError is returned, even none',
      expression: { $convert: { input: 'x', to: 'int', onError: '$$REMOVE' } },
    },
    {
      name: '$convert of a missing field with onNull',
      says: 'onNull stands for null and missing input',
      expression: { $convert: { input: '$missing', to: 'int', onNull: 'none' } },
      gives: 'none',
    },
    {
      name: '$convert of null is null',
      says: 'without onNull null stays null',
      expression: { $convert: { input: null, to: 'bool' } },
      gives: null,
    },
    {
      name: '$convert to a type by its number',
      says: 'the target is named by its number or its alias',
      expression: [{ $convert: { input: '1', to: 16 } }, { $convert: { input: 1, to: 18 } }],
      gives: [1, long(1)],
    },
    {
      name: '$convert to a type that does not exist fails',
      says: 'the target is one of the listed types',
      expression: { $convert: { input: 1, to: 'number-ish' } },
      fails: { error: 2 },
    },
  ]),
  ...expressionCases('toInt', [
    {
      name: '$toInt of null is null',
      says: 'null or a missing field gives null',
      expression: { $toInt: '$missing' },
      gives: null,
    },
    {
      name: '$toInt of a text that is no number fails',
      says: 'a string is a whole number in base 10',
      expression: { $toInt: 'x1' },
      fails: failure,
    },
  ]),
  ...expressionCases('toDate', [
    {
      name: '$toDate of a timestamp',
      says: 'a timestamp stands for its seconds',
      expression: { $toDate: '$t' },
      of: { t: new Timestamp({ t: 1637688118, i: 1 }) },
      gives: date('2021-11-23T17:21:58Z'),
    },
  ]),
  ...expressionCases('type', [
    {
      name: '$type names every type',
      says: 'the alias of the BSON type',
      expression: Object.keys({
        double: 0,
        string: 0,
        object: 0,
        array: 0,
        objectId: 0,
        bool: 0,
        date: 0,
        null: 0,
      })
        .concat(['int', 'long', 'decimal', 'binData', 'regex', 'timestamp', 'minKey', 'maxKey'])
        .map((name) => ({ $type: `$${name}` })),
      of: {
        double: 1.5,
        string: '',
        object: {},
        array: [1],
        objectId: id,
        bool: false,
        date: moment,
        null: null,
        int: 1,
        long: long(1),
        decimal: decimal('1'),
        binData: new Binary(Buffer.from([1])),
        regex: new BSONRegExp('a'),
        timestamp: new Timestamp({ t: 1, i: 1 }),
        minKey: new MinKey(),
        maxKey: new MaxKey(),
      },
      gives:
        'double string object array objectId bool date null int long decimal binData regex timestamp minKey maxKey'.split(
          ' ',
        ),
    },
    {
      name: '$type of a missing field',
      says: 'a field that is not there has the type missing',
      expression: { $type: '$nothing' },
      gives: 'missing',
    },
    {
      name: '$type of an array is array',
      says: 'the array itself is looked at, not its elements as in a query',
      expression: { $type: [[1, 2]] },
      gives: 'array',
    },
  ]),
  ...expressionCases('isNumber', [
    {
      name: '$isNumber of numbers and others',
      says: 'true for the four numeric types, false for the rest and for missing fields',
      expression: [1, 1.5, long(1), decimal('NaN'), '1', null, '$missing'].map((value) => ({
        $isNumber: value,
      })),
      gives: [true, true, true, true, false, false, false],
    },
  ]),
]
