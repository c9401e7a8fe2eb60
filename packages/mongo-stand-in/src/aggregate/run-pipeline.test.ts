import { Decimal128, type Document, Double, Int32, Long } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../bson/as-stored.ts'
import { collationFrom } from '../bson/compare.ts'
import { type PipelineContext, runPipeline, type WriteTarget } from './run-pipeline.ts'

const decimal = (text: string) => Decimal128.fromString(text)
const long = (value: number) => Long.fromNumber(value)

const PRICES = [
  {
    _id: 1,
    kind: 'a',
    n: 1,
    amount: decimal('1.10'),
    big: Long.fromString('9007199254740993'),
    tags: ['x', 'y'],
  },
  { _id: 2, kind: 'b', n: 2, amount: decimal('2.20'), big: long(5), tags: [] },
  { _id: 3, kind: 'a', n: 3.5, amount: decimal('3.30'), big: long(7) },
]
const COLLECTIONS: Record<string, Document[]> = {
  kinds: [
    { _id: 'k1', kind: 'a', label: 'first', min: 2 },
    { _id: 'k2', kind: ['a', 'b'], label: 'both', min: 9 },
    { _id: 'k3', label: 'none' },
  ],
}

function run(input: Document[], stages: Document[], context: Partial<PipelineContext> = {}): Document[] {
  const { stages: stored } = asStored({ stages })
  const surroundings: PipelineContext = {
    collection: (name) => (COLLECTIONS[name] ?? []).map(asStored),
    now: new Date(0),
    ...context,
  }
  return [...runPipeline(stored, input.map(asStored), surroundings)]
}

function expectRun(
  input: Document[],
  stages: Document[],
  expected: Document[],
  context?: Partial<PipelineContext>,
): void {
  expect(exactly({ result: run(input, stages, context) })).toBe(exactly({ result: expected }))
}

describe('$group', () => {
  it('sums and averages with exact types', () => {
    expectRun(
      PRICES,
      [
        {
          $group: {
            _id: null,
            count: { $sum: 1 },
            counted: { $count: {} },
            n: { $sum: '$n' },
            amount: { $sum: '$amount' },
            big: { $sum: '$big' },
            mean: { $avg: '$amount' },
            meanBig: { $avg: '$n' },
            text: { $sum: '$kind' },
          },
        },
      ],
      [
        {
          _id: null,
          count: 3,
          counted: 3,
          n: 6.5,
          amount: decimal('6.60'),
          big: Long.fromString('9007199254741005'),
          mean: decimal('2.20'),
          meanBig: 6.5 / 3,
          text: 0,
        },
      ],
    )
  })

  it('gathers in order, by keys of any type', () => {
    expectRun(
      [{ k: 1, v: 'p' }, { k: long(1), v: 'q' }, { k: null, v: 'r' }, { v: 's' }, { k: { x: 1 } }],
      [
        {
          $group: {
            _id: '$k',
            all: { $push: '$v' },
            first: { $first: '$v' },
            last: { $last: '$v' },
            max: { $max: '$v' },
          },
        },
      ],
      [
        { _id: 1, all: ['p', 'q'], first: 'p', last: 'q', max: 'q' },
        { _id: null, all: ['r', 's'], first: 'r', last: 's', max: 's' },
        { _id: { x: 1 }, all: [], first: null, last: null, max: null },
      ],
    )
  })

  it('compares Decimal128 as numbers, and keeps sets free of repetition', () => {
    expectRun(
      [{ v: decimal('9') }, { v: decimal('10') }, { v: 9 }],
      [
        {
          $group: {
            _id: null,
            max: { $max: '$v' },
            min: { $min: '$v' },
            set: { $addToSet: '$v' },
            two: { $maxN: { input: '$v', n: 1 } },
          },
        },
      ],
      [
        {
          _id: null,
          max: decimal('10'),
          min: decimal('9'),
          set: [decimal('9'), decimal('10')],
          two: [decimal('10')],
        },
      ],
    )
  })

  it('gives no document of nothing', () => {
    expectRun([], [{ $group: { _id: null, n: { $sum: 1 } } }], [])
  })

  it('groups by collation', () => {
    const collation = collationFrom({ locale: 'en', strength: 2 })
    expectRun([{ k: 'A' }, { k: 'a' }], [{ $sortByCount: '$k' }], [{ _id: 'A', count: 2 }], { collation })
  })
})

describe('$lookup', () => {
  it('joins by fields, a missing one with null and missing ones', () => {
    expectRun(
      [{ _id: 1, kind: 'a' }, { _id: 2 }, { _id: 3, kind: ['b', 'z'] }, { _id: 4, kind: [] }],
      [
        { $lookup: { from: 'kinds', localField: 'kind', foreignField: 'kind', as: 'j' } },
        { $project: { ids: '$j._id' } },
      ],
      [
        { _id: 1, ids: ['k1', 'k2'] },
        { _id: 2, ids: ['k3'] },
        { _id: 3, ids: ['k2'] },
        { _id: 4, ids: [] },
      ],
    )
  })

  it('runs a pipeline with variables, alone and after the fields', () => {
    const pipeline = [{ $match: { $expr: { $gt: ['$min', '$$n'] } } }, { $project: { _id: 1 } }]
    expectRun(
      [{ _id: 1, kind: 'a', n: 5 }],
      [{ $lookup: { from: 'kinds', let: { n: '$n' }, pipeline, as: 'j.k' } }, { $project: { j: 1 } }],
      [{ _id: 1, j: { k: [{ _id: 'k2' }] } }],
    )
    expectRun(
      [{ _id: 1, kind: 'b', n: 1 }],
      [
        {
          $lookup: {
            from: 'kinds',
            localField: 'kind',
            foreignField: 'kind',
            let: { n: '$n' },
            pipeline,
            as: 'j',
          },
        },
        { $project: { j: 1 } },
      ],
      [{ _id: 1, j: [{ _id: 'k2' }] }],
    )
  })
})

describe('other stages', () => {
  it.each<[stages: Document[], expected: Document[]]>([
    [
      [{ $match: { n: { $gt: 1 } } }, { $project: { n: 1 } }],
      [
        { _id: 2, n: 2 },
        { _id: 3, n: 3.5 },
      ],
    ],
    [[{ $sort: { amount: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }], [{ _id: 3 }]],
    [[{ $skip: 2 }, { $project: { _id: 1 } }], [{ _id: 3 }]],
    [[{ $match: { n: 99 } }, { $count: 'n' }], []],
    [[{ $count: 'n' }], [{ n: 3 }]],
    [
      [{ $unwind: '$tags' }, { $project: { tags: 1 } }],
      [
        { _id: 1, tags: 'x' },
        { _id: 1, tags: 'y' },
      ],
    ],
    [
      [
        { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true, includeArrayIndex: 'at' } },
        { $project: { tags: 1, at: 1 } },
      ],
      [
        { _id: 1, tags: 'x', at: long(0) },
        { _id: 1, tags: 'y', at: long(1) },
        { _id: 2, at: null },
        { _id: 3, at: null },
      ],
    ],
    [
      [
        { $limit: 1 },
        { $addFields: { n: { $add: ['$n', '$big'] }, 'deep.er': '$$ROOT.kind', tags: '$$REMOVE' } },
        { $unset: ['amount', 'big'] },
      ],
      [{ _id: 1, kind: 'a', n: Long.fromString('9007199254740994'), deep: { er: 'a' } }],
    ],
    [[{ $limit: 1 }, { $replaceRoot: { newRoot: { k: '$kind', none: '$nothing' } } }], [{ k: 'a' }]],
    [
      [{ $facet: { few: [{ $limit: 1 }, { $project: { _id: 1 } }], number: [{ $count: 'n' }] } }],
      [{ few: [{ _id: 1 }], number: [{ n: 3 }] }],
    ],
    [
      [
        {
          $bucket: {
            groupBy: '$n',
            boundaries: [0, 2, 3],
            default: 'more',
            output: { ids: { $push: '$_id' } },
          },
        },
      ],
      [
        { _id: 0, ids: [1] },
        { _id: 2, ids: [2] },
        { _id: 'more', ids: [3] },
      ],
    ],
    [
      [{ $sortByCount: '$kind' }],
      [
        { _id: 'a', count: 2 },
        { _id: 'b', count: 1 },
      ],
    ],
    [
      [
        { $limit: 1 },
        { $project: { _id: 1 } },
        { $unionWith: { coll: 'kinds', pipeline: [{ $project: { _id: 1 } }] } },
      ],
      [{ _id: 1 }, { _id: 'k1' }, { _id: 'k2' }, { _id: 'k3' }],
    ],
    [[{ $documents: [{ a: { $add: [1, 1] } }] }], [{ a: 2 }]],
  ])('%j', (stages, expected) => {
    expectRun(PRICES, stages, expected)
  })

  it('samples without repetition', () => {
    const ids = run(PRICES, [{ $sample: { size: 2 } }]).map(({ _id }) => String(_id))
    expect(new Set(ids).size).toBe(2)
    expect(run(PRICES, [{ $sample: { size: 9 } }])).toHaveLength(3)
  })

  it('hands what $merge and $out have to write to the context', () => {
    const written: [WriteTarget, Document[]][] = []
    const write = (target: WriteTarget, documents: Iterable<Document>) =>
      written.push([target, [...documents]])
    expect(
      run([{ _id: 1 }], [{ $merge: { into: { db: 'd', coll: 'c' }, whenMatched: 'replace' } }], { write }),
    ).toEqual([])
    run([{ _id: 2 }], [{ $out: 'c' }], { write })
    expect(written).toEqual([
      [
        {
          kind: '$merge',
          db: 'd',
          collection: 'c',
          on: ['_id'],
          whenMatched: 'replace',
          whenNotMatched: 'insert',
        },
        [{ _id: new Int32(1) }],
      ],
      [{ kind: '$out', collection: 'c' }, [{ _id: new Int32(2) }]],
    ])
  })

  it('takes documents only as they are wanted', () => {
    let taken = 0
    const endless = (function* () {
      for (;;) yield { _id: new Double(taken++) }
    })()
    const context: PipelineContext = { collection: () => [], now: new Date(0) }
    expect([...runPipeline([{ $limit: 2 }], endless, context)]).toHaveLength(2)
    expect(taken).toBe(2)
  })

  it.each([
    [[{ $nonsense: 1 }], 40324],
    [[{ $match: {}, $limit: 1 }], 40323],
    [[{ $vectorSearch: {} }], 238],
    [[{ $geoNear: {} }], 238],
    [[{ $limit: 0 }], 15958],
    [[{ $group: { n: { $sum: 1 } } }], 15955],
    [[{ $group: { _id: 1, n: { $nonsense: 1 } } }], 15952],
    [[{ $group: { _id: 1, n: { $accumulator: {} } } }], 238],
    [[{ $limit: 1 }, { $documents: [] }], 40602],
    [[{ $out: 'x' }, { $limit: 1 }], 40601],
    [[{ $out: 'x' }], 238],
    [[{ $project: { a: { $nonsense: 1 } } }], 168],
    [[{ $project: { a: { $meta: 'textScore' } } }], 238],
  ])('refuses %j with code %i before a document is read', (stages, code) => {
    expect(() => run([], stages)).toThrow(expect.objectContaining({ code }))
  })
})
