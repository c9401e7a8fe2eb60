import { Decimal128, type Document, Double, Int32, Long, ObjectId } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../bson/as-stored.ts'
import { compileExpression, scopeOf } from './expression.ts'

const decimal = (text: string) => Decimal128.fromString(text)
const long = (value: number) => Long.fromNumber(value)
const id = new ObjectId('650000000000000000000001')
const DOCUMENT = {
  i: 5,
  l: long(10),
  x: 2.5,
  m: decimal('1.10'),
  s: 'Ärger ab',
  d: new Date('2026-03-29T00:30:00.089Z'),
  id,
  list: [3, long(1), 2],
  docs: [{ q: 2 }, { q: 1 }, { z: 0 }],
  nothing: null,
  sub: { a: 1, b: 'x' },
}

function evaluate(expression: unknown): unknown {
  const { e } = asStored({ e: expression })
  return compileExpression(e)(scopeOf(asStored(DOCUMENT), { now: new Date(0) }))
}

const NUMBERS: [expression: unknown, expected: unknown][] = [
  [{ $add: ['$i', '$l'] }, long(15)],
  [{ $add: ['$m', 1] }, decimal('2.10')],
  [{ $add: ['$d', 1000] }, new Date('2026-03-29T00:30:01.089Z')],
  [{ $add: ['$i', '$missing'] }, null],
  [{ $subtract: ['$d', new Date('2026-03-29T00:30:00Z')] }, long(89)],
  [{ $subtract: ['$i', 7] }, -2],
  [{ $multiply: ['$l', 2] }, long(20)],
  [{ $divide: ['$i', 2] }, 2.5],
  [{ $divide: ['$m', 2] }, decimal('0.55')],
  [{ $mod: ['$l', 3] }, long(1)],
  [{ $mod: [-5, 3] }, -2],
  [{ $abs: -3 }, 3],
  [{ $round: [2.5] }, new Double(2)],
  [{ $round: [decimal('2.345'), 2] }, decimal('2.34')],
  [{ $round: [1234, -2] }, 1200],
  [{ $floor: '$x' }, new Double(2)],
  [{ $ceil: decimal('1.10') }, decimal('2')],
  [{ $trunc: [-2.7] }, new Double(-2)],
  [{ $pow: [2, 40] }, long(2 ** 40)],
  [{ $sqrt: 9 }, new Double(3)],
  [{ $sum: ['$i', '$m', 'text'] }, decimal('6.10')],
  [{ $avg: '$list' }, new Double(2)],
  [{ $max: '$list' }, 3],
]

const LOGIC: [expression: unknown, expected: unknown][] = [
  [{ $eq: ['$i', long(5)] }, true],
  [{ $gt: ['$l', 9] }, true],
  [{ $lt: ['$missing', null] }, true],
  [{ $eq: ['$missing', null] }, false],
  [{ $gt: ['$s', 5] }, true],
  [{ $cmp: ['$i', 6] }, -1],
  [{ $and: [1, '$i', { $not: ['$nothing'] }] }, true],
  [{ $or: [0, null, '$missing'] }, false],
  [{ $cond: [{ $gte: ['$i', 5] }, 'yes', { $divide: [1, 0] }] }, 'yes'],
  // biome-ignore lint/suspicious/noThenProperty: the name of MongoDB's argument
  [{ $cond: { if: '$nothing', then: 1, else: 2 } }, 2],
  [{ $ifNull: ['$missing', '$nothing', 'z'] }, 'z'],
  // biome-ignore lint/suspicious/noThenProperty: the name of MongoDB's argument
  [{ $switch: { branches: [{ case: { $eq: ['$i', 5] }, then: 'five' }], default: 'other' } }, 'five'],
]

const ARRAYS: [expression: unknown, expected: unknown][] = [
  ['$docs.q', [2, 1]],
  [
    ['$i', '$missing'],
    [5, null],
  ],
  [{ a: '$i', b: '$missing' }, { a: 5 }],
  [{ $arrayElemAt: ['$list', -1] }, 2],
  [{ $in: [1, '$list'] }, true],
  [{ $indexOfArray: ['$list', 2] }, 2],
  [{ $size: '$list' }, 3],
  [{ $slice: ['$list', 1, 5] }, [long(1), 2]],
  [{ $slice: ['$list', -2] }, [long(1), 2]],
  [{ $concatArrays: ['$list', [9]] }, [3, long(1), 2, 9]],
  [{ $map: { input: '$list', as: 'n', in: { $multiply: ['$$n', 2] } } }, [6, long(2), 4]],
  [{ $filter: { input: '$list', cond: { $gt: ['$$this', 1] } } }, [3, 2]],
  [{ $reduce: { input: '$list', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, long(6)],
  [{ $sortArray: { input: '$list', sortBy: 1 } }, [long(1), 2, 3]],
  [{ $sortArray: { input: '$docs', sortBy: { q: -1 } } }, [{ q: 2 }, { q: 1 }, { z: 0 }]],
  [{ $range: [0, 6, 2] }, [0, 2, 4]],
  [{ $reverseArray: '$list' }, [2, long(1), 3]],
  [
    {
      $setUnion: [
        [1, 2],
        [long(2), 3],
      ],
    },
    [1, 2, 3],
  ],
  [{ $setIsSubset: [[1], '$list'] }, true],
  [
    { $zip: { inputs: [[1, 2], ['a']], useLongestLength: true } },
    [
      [1, 'a'],
      [2, null],
    ],
  ],
  [{ $arrayToObject: [[['k', 1]]] }, { k: 1 }],
  [
    { $objectToArray: '$sub' },
    [
      { k: 'a', v: 1 },
      { k: 'b', v: 'x' },
    ],
  ],
  [{ $mergeObjects: ['$sub', { a: 2, c: 3 }] }, { a: 2, b: 'x', c: 3 }],
  [{ $getField: { field: 'a', input: '$sub' } }, 1],
  [{ $setField: { field: { $literal: '$x.y' }, input: '$sub', value: 9 } }, { a: 1, b: 'x', '$x.y': 9 }],
  [{ $let: { vars: { n: '$i' }, in: { $add: ['$$n', 1] } } }, 6],
  [{ $literal: '$i' }, '$i'],
  ['$$REMOVE', undefined],
]

const TEXTS: [expression: unknown, expected: unknown][] = [
  [{ $concat: ['a', '$s'] }, 'aÄrger ab'],
  [{ $concat: ['a', null] }, null],
  [{ $toUpper: '$s' }, 'ÄRGER AB'],
  [{ $toLower: 'ÄB' }, 'Äb'],
  [{ $strLenCP: '😀a' }, 2],
  [{ $strLenBytes: '😀a' }, 5],
  [{ $substrCP: ['$s', 1, 2] }, 'rg'],
  [{ $indexOfCP: ['😀ab', 'b'] }, 2],
  [{ $split: ['a,b', ','] }, ['a', 'b']],
  [{ $trim: { input: ' a\t' } }, 'a'],
  [{ $ltrim: { input: 'xxax', chars: 'x' } }, 'ax'],
  [{ $replaceAll: { input: 'a.a', find: '.', replacement: { $literal: '$&' } } }, 'a$&a'],
  [{ $regexMatch: { input: '$s', regex: 'ÄR', options: 'i' } }, true],
  [{ $regexFind: { input: '$s', regex: 'g(e)' } }, { match: 'ge', idx: 2, captures: ['e'] }],
  [{ $toString: '$id' }, id.toHexString()],
  [{ $toString: '$x' }, '2.5'],
  [{ $toObjectId: id.toHexString() }, id],
  [{ $toDecimal: '1.50' }, decimal('1.50')],
  [{ $toDecimal: 2.5 }, decimal('2.50000000000000')],
  [{ $toInt: '12' }, 12],
  [{ $toLong: 2.9 }, long(2)],
  [{ $toDate: '$id' }, id.getTimestamp()],
  [{ $convert: { input: 'x', to: 'int', onError: 'bad' } }, 'bad'],
  [{ $type: '$l' }, 'long'],
  [{ $type: '$missing' }, 'missing'],
]

const DATES: [expression: unknown, expected: unknown][] = [
  [{ $year: '$d' }, 2026],
  [{ $hour: { date: '$d', timezone: 'America/New_York' } }, 20],
  [{ $dayOfMonth: { date: '$d', timezone: '-01:00' } }, 28],
  [{ $dayOfWeek: '$d' }, 1],
  [{ $dayOfYear: '$d' }, 88],
  [{ $week: new Date('2026-01-01') }, 0],
  [{ $isoWeek: new Date('2027-01-01') }, 53],
  [{ $isoWeekYear: new Date('2027-01-01') }, long(2026)],
  [{ $dateToString: { date: '$d' } }, '2026-03-29T00:30:00.089Z'],
  [
    { $dateToString: { date: '$d', format: '%Y-%m-%d %H:%M %z', timezone: 'Europe/Vienna' } },
    '2026-03-29 01:30 +0100',
  ],
  [{ $dateToString: { date: '$missing', onNull: 'none' } }, 'none'],
  [
    { $dateFromString: { dateString: '2026-03-29T01:30:00', timezone: 'Europe/Vienna' } },
    new Date('2026-03-29T00:30:00Z'),
  ],
  [{ $dateFromParts: { year: 2026, month: 14, day: 1 } }, new Date('2027-02-01')],
  [{ $dateFromParts: { isoWeekYear: 2026, isoWeek: 53, isoDayOfWeek: 5 } }, new Date('2027-01-01')],
  [
    { $dateToParts: { date: new Date(0) } },
    { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 },
  ],
  [{ $dateAdd: { startDate: new Date('2026-01-31'), unit: 'month', amount: 1 } }, new Date('2026-02-28')],
  // The clock in Vienna goes forward on 29 March 2026 at 01:00 UTC.
  [
    { $dateAdd: { startDate: '$d', unit: 'day', amount: 1, timezone: 'Europe/Vienna' } },
    new Date('2026-03-29T23:30:00.089Z'),
  ],
  [
    { $dateAdd: { startDate: '$d', unit: 'hour', amount: 24, timezone: 'Europe/Vienna' } },
    new Date('2026-03-30T00:30:00.089Z'),
  ],
  [{ $dateSubtract: { startDate: '$d', unit: 'week', amount: 1 } }, new Date('2026-03-22T00:30:00.089Z')],
  [
    { $dateDiff: { startDate: new Date('2025-12-31'), endDate: new Date('2026-01-01'), unit: 'year' } },
    long(1),
  ],
  [
    { $dateDiff: { startDate: new Date('2026-01-03'), endDate: new Date('2026-01-04'), unit: 'week' } },
    long(1),
  ],
  [{ $dateTrunc: { date: '$d', unit: 'month' } }, new Date('2026-03-01')],
  [{ $dateTrunc: { date: '$d', unit: 'week', startOfWeek: 'monday' } }, new Date('2026-03-23')],
  [{ $dateTrunc: { date: '$d', unit: 'day', timezone: 'Europe/Vienna' } }, new Date('2026-03-28T23:00:00Z')],
  [{ $dateTrunc: { date: '$d', unit: 'minute', binSize: 20 } }, new Date('2026-03-29T00:20:00Z')],
]

describe('compileExpression', () => {
  it.each([...NUMBERS, ...LOGIC, ...ARRAYS, ...TEXTS, ...DATES])('%j', (expression, expected) => {
    expect(exactly({ result: evaluate(expression) } as Document)).toBe(
      exactly({ result: expected } as Document),
    )
  })

  it.each([
    [{ $add: ['$s', 1] }, 14],
    [{ $divide: [1, 0] }, 2],
    [{ $toInt: 'x' }, 241],
    [{ $toInt: long(2 ** 40) }, 241],
    [{ $size: '$i' }, 17124],
    [{ $hour: { date: '$d', timezone: 'Nowhere/None' } }, 40485],
    [{ $eq: [1] }, 16020],
    [{ $nonsense: 1 }, 168],
    [{ $meta: 'textScore' }, 238],
    ['$$nobody', 17276],
    [{ $add: [1], $eq: [1] }, 15983],
  ])('refuses %j with code %i', (expression, code) => {
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code }))
  })

  it('keeps int apart from double', () => {
    expect(evaluate({ $add: [1, 1] })).toEqual(new Int32(2))
    expect(evaluate({ $add: [new Double(1), 1] })).toEqual(new Double(2))
  })
})
