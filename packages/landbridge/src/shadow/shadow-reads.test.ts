import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { defineLandbridge } from '../config.ts'
import type { Engine } from '../engine.ts'
import { type ShadowRead, startShadowReads } from './shadow-reads.ts'

interface Kept {
  method: string
  matched: boolean
  detail: { path: string; authority: string; other: string }[] | null
}

/** An engine whose Postgres keeps what it is given. */
function keepingEngine() {
  const kept: Kept[] = []
  const pool = {
    query: async (_statement: string, [samples]: [string]) =>
      void kept.push(...(JSON.parse(samples) as Kept[])),
  }
  const config = defineLandbridge({ units: [], build: 'test', shadowSample: 1 })
  return { kept, engine: { config, pool, log: pino({ level: 'silent' }) } as unknown as Engine }
}

const readOf = (method: string, answers: Partial<ShadowRead>): ShadowRead => ({
  unit: 'notes',
  method,
  epoch: 3n,
  result: 'same',
  authorityMs: 1,
  again: async () => 'same',
  other: async () => 'same',
  ...answers,
})

it('keeps what matched and what stays different, with path and both values', async () => {
  const { engine, kept } = keepingEngine()
  const shadow = startShadowReads(engine)
  shadow.compare(readOf('find', {}))
  shadow.compare(
    readOf('list', {
      result: { name: 'a' },
      again: async () => ({ name: 'a' }),
      other: async () => ({ name: 'b' }),
    }),
  )
  await vi.waitFor(() => expect(kept).toHaveLength(2), 5_000)
  await shadow.stop()
  expect(kept.find(({ method }) => method === 'find')).toMatchObject({ matched: true, detail: null })
  expect(kept.find(({ method }) => method === 'list')).toMatchObject({
    matched: false,
    detail: [{ path: 'name', authority: '"a"', other: '"b"' }],
  })
})

it('says nothing of an entity that is being written, nor of a read that could not be done', async () => {
  const { engine, kept } = keepingEngine()
  const shadow = startShadowReads(engine)
  let version = 0
  shadow.compare(readOf('hot', { result: 0, again: async () => ++version, other: async () => 0.5 }))
  shadow.compare(readOf('away', { other: () => Promise.reject(new Error('Postgres is away')) }))
  shadow.compare(readOf('lag', { result: 'new', again: async () => 'new', other: lagging('old', 'new') }))
  await vi.waitFor(
    () => expect(kept.map(({ method, matched }) => [method, matched])).toEqual([['lag', true]]),
    5_000,
  )
  await shadow.stop()
  expect(kept).toHaveLength(1)
})

it('does not let reads that wait for their grace hold up the others', async () => {
  const { engine, kept } = keepingEngine()
  const shadow = startShadowReads(engine)
  for (let each = 0; each < 5; each += 1) shadow.compare(readOf('different', { other: async () => 'other' }))
  shadow.compare(readOf('find', {}))
  await vi.waitFor(() => expect(kept.map(({ method }) => method)).toContain('find'), 1_500)
  expect(kept.some(({ method }) => method === 'different')).toBe(false)
  await shadow.stop()
})

/** Answers the first value once and the second ever after. */
function lagging(first: string, then: string): () => Promise<string> {
  let asked = 0
  return async () => (asked++ === 0 ? first : then)
}
