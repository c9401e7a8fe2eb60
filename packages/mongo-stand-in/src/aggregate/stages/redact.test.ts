import type { Document } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../../bson/as-stored.ts'
import { runPipeline } from '../run-pipeline.ts'

function run(input: Document[], expression: unknown): Document[] {
  const { stages } = asStored({ stages: [{ $redact: expression }] })
  return [...runPipeline(stages, input.map(asStored), { collection: () => [], now: new Date(0) })]
}

const REPORT = {
  _id: 1,
  level: 1,
  title: 't',
  parts: [{ level: 2, text: 'kept' }, { level: 9, text: 'gone' }, 5, [{ level: 9 }, { level: 1 }]],
  inner: { level: 9 },
  deep: { level: 1, below: { level: 9 }, none: {} },
}

describe('$redact', () => {
  it('descends through documents and arrays, and drops what is pruned', () => {
    const expression = { $cond: [{ $lte: [{ $ifNull: ['$level', 0] }, 5] }, '$$DESCEND', '$$PRUNE'] }
    expect(exactly({ result: run([REPORT, { level: 7 }], expression) })).toBe(
      exactly({
        result: [
          {
            _id: 1,
            level: 1,
            title: 't',
            parts: [{ level: 2, text: 'kept' }, 5, [{ level: 1 }]],
            deep: { level: 1, none: {} },
          },
        ],
      }),
    )
  })

  it('keeps whole levels, and ROOT stays the document', () => {
    const expression = {
      $cond: [{ $eq: ['$level', 9] }, { $cond: ['$$ROOT.open', '$$KEEP', '$$PRUNE'] }, '$$DESCEND'],
    }
    const input = [
      { open: true, a: { level: 9, b: { level: 9 } } },
      { open: false, a: { level: 9 } },
    ]
    expect(exactly({ result: run(input, expression) })).toBe(
      exactly({ result: [{ open: true, a: { level: 9, b: { level: 9 } } }, { open: false }] }),
    )
  })

  it('refuses other results, and knows its variables only here', () => {
    expect(() => run([{}], 'yes')).toThrow(expect.objectContaining({ code: 17053 }))
    const { stages } = asStored({ stages: [{ $addFields: { a: '$$KEEP' } }] })
    expect(() => runPipeline(stages, [], { collection: () => [], now: new Date(0) })).toThrow(
      expect.objectContaining({ code: 17276 }),
    )
  })
})
