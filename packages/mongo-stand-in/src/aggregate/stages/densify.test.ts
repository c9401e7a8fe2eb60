import { type Document, Double, Int32 } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../../bson/as-stored.ts'
import { runPipeline } from '../run-pipeline.ts'

function run(input: Document[], range: Document, rest: Document = {}): Document[] {
  const { stages } = asStored({ stages: [{ $densify: { field: 'x', range, ...rest } }] })
  return [...runPipeline(stages, input.map(asStored), { collection: () => [], now: new Date(0) })]
}

const values = (documents: Document[]) => documents.map(({ x }) => Number(x))

describe('$densify', () => {
  it('fills between the least and the greatest value, on the grid of the least', () => {
    const result = run([{ x: 9, name: 'b' }, { x: 0, name: 'a' }, { x: 5 }], { step: 2, bounds: 'full' })
    expect(exactly({ result })).toBe(
      exactly({
        result: [{ x: 0, name: 'a' }, { x: 2 }, { x: 4 }, { x: 5 }, { x: 6 }, { x: 8 }, { x: 9, name: 'b' }],
      }),
    )
  })

  it('fills an explicit range, its upper end excluded, and lets the rest through', () => {
    expect(values(run([{ x: -5 }, { x: 2 }, { x: 30 }], { step: 2, bounds: [0, 8] }))).toEqual([
      -5, 0, 2, 4, 6, 30,
    ])
    expect(values(run([], { step: 4, bounds: [0, 8] }))).toEqual([0, 4])
  })

  it('passes documents without a value', () => {
    const result = run([{ x: null }, {}, { x: 1 }, { x: 3 }], { step: 1, bounds: 'full' })
    expect(exactly({ result })).toBe(exactly({ result: [{ x: null }, {}, { x: 1 }, { x: 2 }, { x: 3 }] }))
  })

  const sorted = [
    { kind: 'a', x: 0 },
    { kind: 'a', x: 2 },
    { kind: 'b', x: 4 },
    { kind: 'b', x: 6 },
  ]
  const ofKind = (documents: Document[], kind: string) =>
    values(documents.filter((document) => document.kind === kind))

  it.each([
    ['partition', [0, 1, 2], [4, 5, 6]],
    ['full', [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6]],
    [
      [1, 5],
      [0, 1, 2, 3, 4],
      [1, 2, 3, 4, 6],
    ],
  ])('partitions with bounds %j', (bounds, a, b) => {
    const result = run(sorted, { step: 1, bounds }, { partitionByFields: ['kind'] })
    expect(ofKind(result, 'a')).toEqual(a)
    expect(ofKind(result, 'b')).toEqual(b)
    expect(result).toHaveLength(a.length + b.length)
  })

  it('steps through dates by their units', () => {
    const month = (number: number) => new Date(Date.UTC(2024, number, 1))
    const result = run([{ x: month(0) }, { x: month(3) }], { step: 1, unit: 'month', bounds: 'full' })
    expect(result.map(({ x }) => x)).toEqual([0, 1, 2, 3].map(month))
  })

  it('keeps the numeric types of sums, and writes into documents', () => {
    const { stages } = asStored({
      stages: [{ $densify: { field: 'a.b', range: { step: 0.5, bounds: 'full' } } }],
    })
    const input = [{ a: { b: new Int32(0) } }, { a: { b: new Int32(1) } }]
    const result = [...runPipeline(stages, input, { collection: () => [], now: new Date(0) })]
    expect(exactly({ result })).toBe(
      exactly({ result: [{ a: { b: 0 } }, { a: { b: new Double(0.5) } }, { a: { b: 1 } }] }),
    )
  })

  it.each([
    [{ step: 0, bounds: 'full' }, 5733401],
    [{ step: 1.5, unit: 'day', bounds: 'full' }, 6586400],
    [{ step: 1, bounds: 'partition' }, 5733408],
    [{ step: 1, bounds: [1] }, 5733403],
    [{ step: 1, bounds: [2, 1] }, 5733402],
    [{ step: 1, bounds: [1, 2.5] }, 5876900],
    [{ step: 1, bounds: [new Date(0), new Date(1)] }, 5733410],
    [{ step: 1, bounds: 'half' }, 5946802],
    [{ step: 1, unit: 'fortnight', bounds: 'full' }, 9],
  ])('%j is refused with %i', (range, code) => {
    expect(() => run([], range)).toThrow(expect.objectContaining({ code }))
  })

  it('refuses values of another kind than the range', () => {
    const full = { step: 1, bounds: 'full' }
    expect(() => run([{ x: 'text' }], full)).toThrow(expect.objectContaining({ code: 5733201 }))
    expect(() => run([{ x: new Date(0) }], full)).toThrow(expect.objectContaining({ code: 6053600 }))
    expect(() => run([{ x: 1 }], { ...full, unit: 'day' })).toThrow(
      expect.objectContaining({ code: 6053601 }),
    )
  })
})
