import fc from 'fast-check'
import type { Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { isInBounds } from '../backfill/chunk-bounds.ts'
import { pendingChunkIds, readChunk } from '../backfill/chunk-store.ts'
import { planChunks } from '../backfill/plan-chunks.ts'
import type { Engine } from '../engine.ts'
import { inTransaction } from '../target/transaction.ts'
import { anyId } from '../testing/arbitrary-id.ts'
import { thingsMapping } from '../testing/sample-unit.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { idKey } from './id-key.ts'
import { liveSource } from './live-source.ts'

const LIMITS = { documents: 7, bytes: 50_000 }

async function sourceWorld() {
  const world = await sampleWorld('mirror')
  const backfill = { chunkSize: LIMITS.documents, chunkBytes: LIMITS.bytes, workers: 1 }
  const engine: Engine = { ...world.engine, config: { ...world.engine.config, backfill } }
  await engine.pool.query(
    "insert into landbridge.position (capture, cluster_time) values ('change-stream', 1)",
  )
  const things = engine.database.collection<{ _id: unknown } & Document>('things')
  return { world, engine, things }
}

/** Reads every chunk of the plan, cut chunks to their end; how often each id was met. */
async function readAllChunks(engine: Engine): Promise<{ met: Map<string, number>; largest: number }> {
  const source = liveSource(engine, 'things')
  const met = new Map<string, number>()
  let largest = 0
  for (const id of await pendingChunkIds(engine.pool, 'things')) {
    const chunk = await inTransaction(engine.pool, {}, (tx) => readChunk(tx, id))
    if (chunk === undefined) continue
    let bounds = chunk.bounds
    for (;;) {
      const { documents, cutAt } = await source.read(bounds, LIMITS, 'test')
      largest = Math.max(largest, documents.length)
      for (const document of documents) {
        expect(isInBounds(document.id, bounds)).toBe(true)
        met.set(idKey(document.id), (met.get(idKey(document.id)) ?? 0) + 1)
      }
      if (cutAt === undefined) break
      bounds = { ...bounds, lower: cutAt }
    }
  }
  return { met, largest }
}

describe('a live collection as a source', () => {
  it('gives every document in exactly one chunk, whatever ids it mixes, also while it is written', async () => {
    const { world, engine, things } = await sourceWorld()
    await using _ = world
    const ids = fc.sample(anyId, { numRuns: 400, seed: 7 })
    const distinct = [...new Map(ids.map((id) => [idKey(id), id])).values()]
    const before = distinct.slice(0, distinct.length / 2)
    await things.insertMany(before.map((_id) => ({ _id })))
    const rest = distinct.slice(before.length)
    await planChunks(engine, thingsMapping, {
      onPlanned: async () => {
        await Promise.all(rest.splice(0, 40).map((_id) => things.insertOne({ _id })))
      },
    })
    const inserted = distinct.length - rest.length
    const { met } = await readAllChunks(engine)
    expect([...met.values()].every((times) => times === 1)).toBe(true)
    // A bracket of which no document was there has no chunk: those inserts are the mirrors' alone.
    expect(met.size).toBe(inserted)
    expect(met.size).toBe(await things.countDocuments())
    expect((await planChunks(engine, thingsMapping)).planned).toBe(false)
  })

  it('cuts chunks by bytes, by the average when it plans and exactly when it reads', async () => {
    const { world, engine, things } = await sourceWorld()
    await using _ = world
    const large = 'x'.repeat(20_000)
    await things.insertMany(
      Array.from({ length: 30 }, (_, i) => ({ _id: i, text: i % 2 === 0 ? large : 'small' })),
    )
    const { chunks } = await planChunks(engine, thingsMapping)
    expect(chunks).toBeGreaterThan(6)
    const source = liveSource(engine, 'things')
    const { documents, cutAt } = await source.read({ bracket: 'number' }, LIMITS, 'test')
    expect(documents.map(({ id }) => Number(id))).toEqual([0, 1, 2, 3])
    expect(Number(cutAt)).toBe(4)
    const { met } = await readAllChunks(engine)
    expect(met.size).toBe(30)
  })

  it('goes on with a plan that was interrupted', async () => {
    const { world, engine, things } = await sourceWorld()
    await using _ = world
    await things.insertMany(Array.from({ length: 100 }, (_, i) => ({ _id: `text ${i}` })))
    const abort = new AbortController()
    await planChunks(engine, thingsMapping, { signal: abort.signal, onPlanned: () => abort.abort() })
    const { rows } = await engine.pool.query(
      "select count(*)::int as n from landbridge.chunk where status = 'planning'",
    )
    expect(rows[0].n).toBeGreaterThan(0)
    await planChunks(engine, thingsMapping)
    expect((await readAllChunks(engine)).met.size).toBe(100)
  })
})
