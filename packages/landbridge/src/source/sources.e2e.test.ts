import fc from 'fast-check'
import type { Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import type { ChunkBounds } from '../backfill/chunk-bounds.ts'
import { anyId } from '../testing/arbitrary-id.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { writeDump } from '../testing/write-dump.ts'
import type { ChunkSource } from './chunk-source.ts'
import { dumpSource } from './dump/dump-source.ts'
import { openDumpCollection } from './dump/open-dump.ts'
import { idKey } from './id-key.ts'
import { idBrackets } from './id-order.ts'
import { liveSource } from './live-source.ts'

const LIMITS = { documents: 9, bytes: 1_000_000 }

/** The plan that a source gives, and what its chunks hold, as texts that can be compared. */
async function chunksOf(source: ChunkSource): Promise<string[]> {
  const chunks: string[] = []
  for (const bracket of idBrackets) {
    for (let lower: unknown, end = false; !end; ) {
      const planned = await source.cuts({ bracket, lower }, LIMITS, 3)
      end = planned.end
      if (planned.empty) break
      const uppers = end ? [...planned.cuts, undefined] : planned.cuts
      for (const upper of uppers) {
        chunks.push(await described(source, { bracket, lower, upper }))
        lower = upper
      }
    }
  }
  return chunks
}

async function described(source: ChunkSource, bounds: ChunkBounds): Promise<string> {
  const { documents, cutAt } = await source.read(bounds, LIMITS, 'test')
  const ends = [bounds.lower, bounds.upper].map((bound) => (bound === undefined ? '' : idKey(bound)))
  const held = documents.map(({ id, raw }) => `${idKey(id)}=${Buffer.from(raw).toString('base64')}`)
  return [bounds.bracket, ...ends, String(cutAt), ...held].join('\n')
}

describe('sources', () => {
  it('give the same chunks with the same documents: a live collection, its dump, and its gzipped dump', async () => {
    await using world = await sampleWorld('mirror')
    const { engine } = world
    const ids = fc.sample(anyId, { numRuns: 500, seed: 11 })
    const distinct = [...new Map(ids.map((id) => [idKey(id), id])).values()]
    await engine.database
      .collection<{ _id: unknown } & Document>('things')
      .insertMany(distinct.map((_id, i) => ({ _id, name: `thing ${i}`, price: i / 4 })))
    const live = await chunksOf(liveSource(engine, 'things'))
    expect(live.length).toBeGreaterThan(20)
    for (const gzip of [false, true]) {
      await using folder = await writeDump(engine, ['things'], { gzip })
      await using dump = await openDumpCollection(folder, 'things', { runRecords: gzip ? 40 : 1_000 })
      expect(await chunksOf(dumpSource(dump, 1n))).toEqual(live)
    }
  })
})
