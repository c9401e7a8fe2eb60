import { BSON } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { readBenchCall } from './bench-call.ts'
import type { Benchmark } from './benchmark.ts'
import { benchDocument } from './stand-in.ts'

const known: Benchmark = {
  name: 'known',
  summary: 'measures something',
  run: () => Promise.reject(new Error('not run by these tests')),
}
const read = (...args: string[]) => readBenchCall(args, [known])

describe('readBenchCall', () => {
  it('finds the benchmark and the form of its report', () => {
    expect(read('known')).toEqual({ kind: 'run', benchmark: known, json: false })
    expect(read('known', '--json')).toEqual({ kind: 'run', benchmark: known, json: true })
    expect(read('--json', 'known')).toMatchObject({ kind: 'run', json: true })
  })

  it('lists the benchmarks for --help', () => {
    expect(read('--help')).toMatchObject({ kind: 'help', text: expect.stringContaining('known  measures') })
  })

  it('refuses everything else, and says what can be called', () => {
    for (const args of [[], ['unknown'], ['known', 'known'], ['known', '--fast']]) {
      expect(read(...args)).toMatchObject({
        kind: 'misuse',
        text: expect.stringContaining('known  measures'),
      })
    }
    expect(read('unknown')).toMatchObject({ text: expect.stringContaining("no benchmark 'unknown'") })
  })
})

describe('benchDocument', () => {
  it('has 273 bytes, and numbers that are a permutation', () => {
    const documents = Array.from({ length: 1000 }, (_, at) => benchDocument(at, 1000))
    for (const document of documents) expect(BSON.calculateObjectSize(document)).toBe(273)
    expect(new Set(documents.map(({ number }) => number)).size).toBe(1000)
  })
})
