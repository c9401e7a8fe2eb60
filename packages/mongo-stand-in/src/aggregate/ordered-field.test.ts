import { type Document, Double } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../bson/as-stored.ts'
import { runPipeline } from './run-pipeline.ts'

const SCORES = [
  { _id: 1, game: 'g', player: 'a', score: 31 },
  { _id: 2, game: 'g', player: 'b', score: 33 },
  { _id: 3, game: 'g', player: 'c', score: 99 },
  { _id: 4, game: 'g', score: 1 },
]

function group(fields: Document): Document {
  const { stage } = asStored({ stage: { $group: { _id: '$game', ...fields } } })
  const [result = {}] = runPipeline([stage], SCORES.map(asStored), { collection: () => [], now: new Date(0) })
  const { _id, ...found } = result
  return found
}

describe('accumulators over an order of their own', () => {
  it('takes the top and the bottom, null where the output is missing', () => {
    const sortBy = { score: -1 }
    expect(
      exactly(
        group({
          top: { $top: { sortBy, output: ['$player', '$score'] } },
          bottom: { $bottom: { sortBy, output: '$player' } },
          two: { $topN: { sortBy, output: '$player', n: 2 } },
          last: { $bottomN: { sortBy, output: '$score', n: { $add: [1, 1] } } },
          many: { $topN: { sortBy: { score: 1 }, output: '$score', n: 9 } },
        }),
      ),
    ).toBe(exactly({ top: ['c', 99], bottom: null, two: ['c', 'b'], last: [31, 1], many: [1, 31, 33, 99] }))
  })

  it('gives deviations, medians and percentiles as doubles', () => {
    const p = [0.05, 0.5, 1]
    expect(
      exactly(
        group({
          pop: { $stdDevPop: '$score' },
          one: { $stdDevSamp: { $cond: [{ $eq: ['$score', 1] }, 1, 'text'] } },
          none: { $stdDevPop: '$player' },
          median: { $median: { input: '$score', method: 'approximate' } },
          p: { $percentile: { input: '$score', p, method: 'approximate' } },
          noneAt: { $percentile: { input: '$player', p, method: 'approximate' } },
        }),
      ),
    ).toBe(
      exactly({
        pop: new Double(Math.sqrt(1282)),
        one: null,
        none: null,
        median: new Double(31),
        p: [new Double(1), new Double(31), new Double(99)],
        noneAt: [null, null, null],
      }),
    )
  })

  it.each([
    [{ $topN: { sortBy: { a: 1 }, output: '$a' } }, 5788003],
    [{ $top: { sortBy: { a: 1 } } }, 5788004],
    [{ $bottom: { output: '$a' } }, 5788005],
    [{ $top: 1 }, 5788001],
    [{ $percentile: { input: '$a', p: [2], method: 'approximate' } }, 2],
    [{ $percentile: { input: '$a', p: [], method: 'approximate' } }, 2],
    [{ $median: { input: '$a', method: 'discrete' } }, 238],
    [{ $median: { input: '$a', method: 'best' } }, 2],
    [{ $accumulator: {} }, 238],
  ])('%j is refused with %i', (accumulator, code) => {
    expect(() => group({ x: accumulator })).toThrow(expect.objectContaining({ code }))
  })
})
