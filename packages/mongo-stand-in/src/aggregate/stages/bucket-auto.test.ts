import type { Document } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../../bson/as-stored.ts'
import { runPipeline } from '../run-pipeline.ts'

function run(values: unknown[], spec: Document): Document[] {
  const { stages } = asStored({ stages: [{ $bucketAuto: { groupBy: '$v', ...spec } }] })
  const input = values.map((v, _id) => asStored(v === undefined ? { _id } : { _id, v }))
  return [...runPipeline(stages, input, { collection: () => [], now: new Date(0) })]
}

describe('$bucketAuto', () => {
  it.each([
    [
      'even',
      [3, 1, 2, 4],
      2,
      [
        [1, 3, 2],
        [3, 4, 2],
      ],
    ],
    [
      'one too many goes to the last',
      [1, 2, 3, 4, 5],
      2,
      [
        [1, 4, 3],
        [4, 5, 2],
      ],
    ],
    [
      'equal values stay together',
      [1, 1, 1, 2],
      4,
      [
        [1, 2, 3],
        [2, 2, 1],
      ],
    ],
    [
      'more buckets than values',
      [5, 7],
      9,
      [
        [5, 7, 1],
        [7, 7, 1],
      ],
    ],
    [
      'null and missing count',
      [null, undefined, 'x'],
      2,
      [
        [null, 'x', 2],
        ['x', 'x', 1],
      ],
    ],
    ['nothing', [], 3, []],
  ])('%s', (_name, values, buckets, expected) => {
    const result = expected.map(([min, max, count]) => ({ _id: { min, max }, count }))
    expect(exactly({ result: run(values, { buckets }) })).toBe(exactly({ result }))
  })

  it('has outputs of its own', () => {
    const result = run([4, 3, 2, 1], { buckets: 2, output: { ids: { $push: '$_id' }, most: { $max: '$v' } } })
    expect(exactly({ result })).toBe(
      exactly({
        result: [
          { _id: { min: 1, max: 3 }, ids: [3, 2], most: 2 },
          { _id: { min: 3, max: 4 }, ids: [1, 0], most: 4 },
        ],
      }),
    )
  })

  it.each([
    [{}, 40246],
    [{ buckets: 'x' }, 40241],
    [{ buckets: 1.5 }, 40242],
    [{ buckets: 0 }, 40243],
    [{ buckets: 1, output: 1 }, 40244],
    [{ buckets: 1, extra: 1 }, 40245],
    [{ buckets: 1, groupBy: 'v' }, 40239],
    [{ buckets: 1, granularity: 'R5' }, 238],
  ])('%j is refused with %i', (spec, code) => {
    expect(() => run([], spec)).toThrow(expect.objectContaining({ code }))
  })
})
