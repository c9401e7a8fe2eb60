import { type Document, Long } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored } from '../../bson/as-stored.ts'
import { type PipelineContext, runPipeline } from '../run-pipeline.ts'

const AIRPORTS = [
  { _id: 0, code: 'A', to: ['B', 'C'] },
  { _id: 1, code: 'B', to: ['A', 'D'] },
  { _id: 2, code: 'C', to: 'A', closed: true },
  { _id: 3, code: 'D', to: ['E'] },
  { _id: 4, code: 'E' },
  { _id: 5, to: 'A' },
]

function run(input: Document[], spec: Document, context: Partial<PipelineContext> = {}): Document[] {
  const graph = {
    from: 'airports',
    startWith: '$at',
    connectFromField: 'to',
    connectToField: 'code',
    as: 'found',
  }
  const { stages } = asStored({ stages: [{ $graphLookup: { ...graph, ...spec } }] })
  const collection = () => AIRPORTS.map(asStored)
  return [...runPipeline(stages, input.map(asStored), { collection, now: new Date(0), ...context })]
}

const codes = ([result]: Document[]) => result?.found.map(({ code }: Document) => code).sort()

describe('$graphLookup', () => {
  it('goes on until nothing new is found, through cycles', () => {
    expect(codes(run([{ at: 'A' }], {}))).toEqual(['A', 'B', 'C', 'D', 'E'])
    expect(codes(run([{ at: ['D', 'E'] }], {}))).toEqual(['D', 'E'])
  })

  it('starts nowhere without a value, and with null at documents without the field', () => {
    expect(codes(run([{}], {}))).toEqual([])
    expect(run([{ at: null }], { maxDepth: 0 })[0]?.found.map(({ _id }: Document) => Number(_id))).toEqual([
      5,
    ])
  })

  it('ends at a depth, and tells the depth as a long', () => {
    const [result] = run([{ at: 'A' }], { maxDepth: 1, depthField: 'way.depth' })
    const depths = Object.fromEntries(result?.found.map(({ code, way }: Document) => [code, way.depth]))
    expect(depths).toEqual({ A: Long.ZERO, B: Long.ONE, C: Long.ONE })
  })

  it('follows only what the restriction lets through', () => {
    expect(codes(run([{ at: 'A' }], { restrictSearchWithMatch: { closed: { $ne: true } } }))).toEqual([
      'A',
      'B',
      'D',
      'E',
    ])
    expect(codes(run([{ at: 'A' }], { restrictSearchWithMatch: { code: { $ne: 'B' } } }))).toEqual(['A', 'C'])
  })

  it('asks an index where there is one', () => {
    const asked: unknown[] = []
    const findEqual = (_name: string, field: string, values: readonly unknown[]) => {
      asked.push([field, values])
      return []
    }
    expect(codes(run([{ at: 'A' }], {}, { findEqual }))).toEqual([])
    expect(asked).toEqual([['code', ['A']]])
  })

  it.each([
    [{ from: undefined }, 40105],
    [{ maxDepth: -1 }, 40101],
    [{ maxDepth: 'x' }, 40100],
    [{ as: 1 }, 40103],
    [{ extra: 1 }, 40104],
    [{ restrictSearchWithMatch: 1 }, 40185],
    [{ connectToField: '$code' }, 16410],
    [{ from: { db: 'x', coll: 'y' } }, 238],
  ])('%j is refused with %i', (spec, code) => {
    expect(() => run([], spec)).toThrow(expect.objectContaining({ code }))
  })
})
