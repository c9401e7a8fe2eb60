import { Decimal128, type Document, Double, Int32 } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../../bson/as-stored.ts'
import { runPipeline } from '../run-pipeline.ts'

const day = (number: number) => new Date(Date.UTC(2024, 0, number))
const SALES = [
  { _id: 1, shop: 'b', day: day(3), n: 5 },
  { _id: 2, shop: 'a', day: day(1), n: 1 },
  { _id: 3, shop: 'a', day: day(2), n: 2 },
  { _id: 4, shop: 'a', day: day(5), n: 4 },
  { _id: 5, shop: 'b', day: day(1), n: 3 },
]

function run(input: Document[], stage: Document): Document[] {
  const { stages } = asStored({ stages: [stage] })
  return [...runPipeline(stages, input.map(asStored), { collection: () => [], now: new Date(0) })]
}

/** The value of one output for each document, in the order of the result. */
function column(output: Document, rest: Document = {}, input: Document[] = SALES): unknown[] {
  const spec = { partitionBy: '$shop', sortBy: { day: 1 }, ...rest, output: { x: output } }
  return run(input, { $setWindowFields: spec }).map(({ x }) => x)
}

function expectColumn(actual: unknown[], expected: unknown[]): void {
  expect(exactly({ list: actual })).toBe(exactly({ list: expected }))
}

describe('$setWindowFields', () => {
  it('orders by partition and sort field', () => {
    expect(
      run(SALES, { $setWindowFields: { partitionBy: '$shop', sortBy: { day: 1 }, output: {} } }).map(
        ({ _id }) => Number(_id),
      ),
    ).toEqual([2, 3, 4, 5, 1])
  })

  it.each([
    ['whole partition', { $sum: '$n' }, [7, 7, 7, 8, 8]],
    ['cumulative', { $sum: '$n', window: { documents: ['unbounded', 'current'] } }, [1, 3, 7, 3, 8]],
    [
      'rest',
      { $push: '$n', window: { documents: ['current', 'unbounded'] } },
      [[1, 2, 4], [2, 4], [4], [3, 5], [5]],
    ],
    [
      'growing lists are not shared',
      { $push: '$n', window: { documents: ['unbounded', 'current'] } },
      [[1], [1, 2], [1, 2, 4], [3], [3, 5]],
    ],
    ['moving', { $avg: '$n', window: { documents: [-1, 0] } }, [1, 1.5, 3, 3, 4].map((n) => new Double(n))],
    ['empty windows', { $sum: '$n', window: { documents: [2, 3] } }, [4, 0, 0, 0, 0]],
    ['empty extremes', { $max: '$n', window: { documents: [-9, -1] } }, [null, 1, 2, null, 3]],
    ['days', { $sum: '$n', window: { range: [-1, 0], unit: 'day' } }, [1, 3, 4, 3, 5]],
    ['open range', { $sum: '$n', window: { range: ['unbounded', -1], unit: 'day' } }, [0, 1, 3, 0, 3]],
    ['count', { $count: {} }, [3, 3, 3, 2, 2]],
    ['first and last', { $last: '$n', window: { documents: [0, 1] } }, [2, 4, 4, 5, 5]],
    [
      'top',
      { $topN: { n: 2, sortBy: { n: -1 }, output: '$n' } },
      [
        [4, 2],
        [4, 2],
        [4, 2],
        [5, 3],
        [5, 3],
      ],
    ],
    ['minN', { $minN: { n: 1, input: '$n' } }, [[1], [1], [1], [3], [3]]],
    ['documentNumber', { $documentNumber: {} }, [1, 2, 3, 1, 2]],
    ['shift', { $shift: { output: '$n', by: 1, default: 'none' } }, [2, 4, 'none', 5, 'none']],
    ['shift back', { $shift: { output: '$n', by: -1 } }, [null, 1, 2, null, 3]],
    [
      'median',
      { $median: { input: '$n', method: 'approximate' } },
      [2, 2, 2, 3, 3].map((n) => new Double(n)),
    ],
  ])('%s', (_name, output, expected) => {
    expectColumn(column(output), expected)
  })

  it('ranges over numbers compare values, whatever their type', () => {
    const input = [1, new Double(1.5), 2, Decimal128.fromString('2.5'), 9].map((x, _id) => ({ _id, x }))
    const spec = { sortBy: { x: 1 }, output: { ids: { $push: '$_id', window: { range: [-1, 0.5] } } } }
    expect(run(input, { $setWindowFields: spec }).map(({ ids }) => ids.map(Number))).toEqual([
      [0, 1],
      [0, 1, 2],
      [0, 1, 2, 3],
      [1, 2, 3],
      [4],
    ])
  })

  it('ranks with and without gaps; null and missing share a place', () => {
    const input = [{ q: 2 }, { q: null }, {}, { q: 2 }, { q: 3 }]
    const ranks = { sortBy: { q: -1 }, output: { r: { $rank: {} }, d: { $denseRank: {} } } }
    expect(run(input, { $setWindowFields: ranks }).map(({ r, d }) => [Number(r), Number(d)])).toEqual([
      [1, 1],
      [2, 2],
      [2, 2],
      [4, 3],
      [4, 3],
    ])
  })

  it('derives and integrates over time', () => {
    const at = (second: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, second))
    const input = [
      { _id: 1, t: at(0), km: 10 },
      { _id: 2, t: at(30), km: 10.5 },
      { _id: 3, t: at(60), km: 11.5 },
    ]
    const over = (x: Document) => column(x, { partitionBy: null, sortBy: { t: 1 } }, input)
    expectColumn(over({ $derivative: { input: '$km', unit: 'hour' }, window: { documents: [-1, 0] } }), [
      null,
      new Double((0.5 / 30_000) * 3_600_000),
      new Double((1 / 30_000) * 3_600_000),
    ])
    expectColumn(
      over({ $integral: { input: '$km', unit: 'second' }, window: { documents: ['unbounded', 0] } }),
      [new Double(0), new Double(307.5), new Double(637.5)],
    )
  })

  it('averages with a weight that fades', () => {
    const input = [13, 15.4, 12, 'no', 11.7].map((price, _id) => ({ _id, price }))
    const over = (x: Document) => column(x, { partitionBy: null, sortBy: { _id: 1 } }, input).map(Number)
    expect(over({ $expMovingAvg: { input: '$price', N: 2 } })).toEqual([
      13, 14.6, 12.866666666666667, 12.866666666666667, 12.088888888888889,
    ])
    expect(over({ $expMovingAvg: { input: '$price', alpha: 0.75 } })).toEqual([13, 14.8, 12.7, 12.7, 11.95])
  })

  it('computes covariances of pairs', () => {
    const input = [
      { _id: 1, a: 1, b: 2 },
      { _id: 2, a: 2, b: 4 },
      { _id: 3, a: 3, b: 'x' },
      { _id: 4, a: 3, b: 6 },
    ]
    const over = (x: Document) => column(x, { partitionBy: null, sortBy: { _id: 1 } }, input)[0]
    expect(exactly({ x: over({ $covarianceSamp: ['$a', '$b'] }) })).toBe(exactly({ x: new Double(2) }))
    expect(Number(over({ $covariancePop: ['$a', '$b'] }))).toBeCloseTo(4 / 3)
  })

  it('fills from the last value and on a line', () => {
    const input = [{ _id: 0 }, { _id: 1, v: 10 }, { _id: 2, v: null }, { _id: 5, v: 50 }, { _id: 6 }]
    const over = (x: Document) => column(x, { partitionBy: null, sortBy: { _id: 1 } }, input)
    expectColumn(over({ $locf: '$v' }), [null, 10, 10, 50, 50])
    expectColumn(over({ $linearFill: '$v' }), [null, 10, new Double(20), 50, null])
  })

  it.each([
    [{ output: { x: { $sum: '$n', window: { documents: ['unbounded', 'current'] } } } }, 5339901],
    [{ output: { x: { $sum: '$n', window: { range: ['unbounded', 1] } } } }, 5339902],
    [{ sortBy: { n: -1 }, output: { x: { $sum: '$n', window: { range: [-1, 1] } } } }, 8947401],
    [{ sortBy: { n: 1 }, output: { x: { $sum: '$n', window: { documents: [1, -1] } } } }, 5339900],
    [{ sortBy: { n: 1 }, output: { x: { $rank: {}, window: { documents: [0, 1] } } } }, 5371601],
    [{ output: { x: { $rank: {} } } }, 5371602],
    [{ sortBy: { n: 1 }, output: { x: { $derivative: { input: '$n' } } } }, 9],
    [{ output: { x: { $summ: '$n' } } }, 9],
    [{ output: { x: { $sum: '$n', windoww: {} } } }, 9],
    [{ nonsense: 1, output: {} }, 40415],
    [{ partitionBy: [1], output: {} }, 14],
    [{ sortBy: { day: 1 }, output: { x: { $sum: '$n', window: { range: [-1, 0] } } } }, 5429413],
    [{ sortBy: { n: 1 }, output: { x: { $sum: '$n', window: { range: [-1, 0], unit: 'day' } } } }, 5429513],
    [{ sortBy: { shop: 1 }, output: { x: { $sum: '$n', window: { range: [-1, 0] } } } }, 5429414],
    [{ sortBy: { shop: 1 }, output: { x: { $linearFill: '$n' } } }, 14],
  ])('%j is refused with %i', (spec, code) => {
    expect(() => run(SALES, { $setWindowFields: spec })).toThrow(expect.objectContaining({ code }))
  })
})

describe('$fill', () => {
  it('fills by value and by method, within partitions', () => {
    const input = [
      { _id: 1, g: 'x', t: 1, v: 4, w: 1 },
      { _id: 2, g: 'x', t: 2, w: null },
      { _id: 3, g: 'y', t: 3 },
      { _id: 4, g: 'x', t: 3, v: 6 },
    ]
    const stage = {
      $fill: {
        partitionByFields: ['g'],
        sortBy: { t: 1 },
        output: { v: { method: 'linear' }, w: { method: 'locf' }, note: { value: { $add: ['$t', 1] } } },
      },
    }
    expect(exactly({ r: run(input, stage) })).toBe(
      exactly({
        r: [
          { _id: 1, g: 'x', t: 1, v: 4, w: 1, note: 2 },
          { _id: 2, g: 'x', t: 2, w: 1, v: new Double(5), note: 3 },
          { _id: 4, g: 'x', t: 3, v: 6, w: 1, note: 4 },
          { _id: 3, g: 'y', t: 3, v: null, w: null, note: 4 },
        ],
      }),
    )
  })

  it('needs no order for values', () => {
    expect(exactly({ r: run([{ a: null }, {}, { a: 2 }], { $fill: { output: { a: { value: 0 } } } }) })).toBe(
      exactly({ r: [{ a: new Int32(0) }, { a: 0 }, { a: 2 }] }),
    )
  })

  it.each([
    [{ output: {} }, 6050203],
    [{ output: { a: { method: 'magic' } } }, 6050202],
    [{ output: { a: { method: 'locf' } } }, 9],
    [{ partitionBy: '$a', partitionByFields: ['a'], output: { a: { value: 1 } } }, 6050204],
  ])('%j is refused with %i', (spec, code) => {
    expect(() => run([], { $fill: spec })).toThrow(expect.objectContaining({ code }))
  })
})
