import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Double, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../engine.ts'
import { mirrorToPostgres } from '../../mirror/to-postgres.ts'
import type { DumpFolder } from '../../source/dump/dump-folder.ts'
import { thingsMapping } from '../../testing/sample-unit.ts'
import { sampleWorld } from '../../testing/sample-world.ts'
import { writeDump } from '../../testing/write-dump.ts'
import { verify } from '../../verify/verify.ts'
import { backfill } from '../backfill.ts'
import { backfillFromDump } from './backfill-from-dump.ts'

async function dumpWorld() {
  const world = await sampleWorld('mirror', { verifyGraceMs: 20 })
  const engine: Engine = {
    ...world.engine,
    config: { ...world.engine.config, backfill: { chunkSize: 10, workers: 2 } },
  }
  await engine.pool.query(
    "insert into landbridge.position (capture, cluster_time) values ('change-stream', 1)",
  )
  const things = engine.database.collection('things')
  const ids = Array.from({ length: 35 }, () => new ObjectId())
  await things.insertMany(
    ids.map((_id, i) => ({
      _id,
      name: `thing ${i}`,
      price: new Double(i + 0.5),
      parts: [{ label: `p${i}` }],
    })),
  )
  const names = async () => {
    const { rows } = await engine.pool.query('select name from things order by id')
    return rows.map((row) => row.name)
  }
  const statuses = async () => {
    const { rows } = await engine.pool.query('select distinct status from landbridge.chunk order by status')
    return rows.map((row) => row.status)
  }
  return { world, engine, things, ids, names, statuses }
}

const both = ['things', 'notes']

describe('a backfill from a dump', () => {
  it('loses no write that was made since the dump, whether the capture mirrored it before or after', async () => {
    const { world, engine, things, ids, names, statuses } = await dumpWorld()
    await using _ = world
    await using folder = await writeDump(engine, both)
    await things.updateOne({ _id: ids[0] }, { $set: { name: 'changed' } })
    await things.deleteOne({ _id: ids[1] })
    await things.insertOne({ name: 'new' })
    // Mirrored before the copy, which then overwrites it with the old state.
    await mirrorToPostgres(engine, thingsMapping, [ids[0], ids[1]], { reason: 'capture' })
    const report = await backfillFromDump(engine, 'sample', folder)
    expect(report).toMatchObject({
      complete: true,
      changed: 3,
      collections: [{ collection: 'things', documents: 35, chunks: 4, error: undefined }, {}],
    })
    expect(await statuses()).toEqual(['done'])
    expect(await names()).toHaveLength(35)
    expect((await names()).slice(0, 2)).toEqual(['changed', 'thing 2'])
    expect(await verify(engine, 'sample')).toMatchObject({ differences: 0, complete: true })
    expect(await backfillFromDump(engine, 'sample', folder)).toMatchObject({ complete: true, changed: 0 })
  })

  it('is not done before the changes are mirrored, and a live backfill takes such chunks over', async () => {
    const { world, engine, things, ids, names, statuses } = await dumpWorld()
    await using _ = world
    await using folder = await writeDump(engine, both)
    await things.updateOne({ _id: ids[0] }, { $set: { name: 'changed' } })
    const abort = new AbortController()
    const interrupted = await backfillFromDump(engine, 'sample', folder, {
      signal: abort.signal,
      onProgress: ({ collection, done, documents }) => {
        if (collection === 'things' && done === 0 && documents === 35) abort.abort()
      },
    })
    expect(interrupted.complete).toBe(false)
    expect(await statuses()).toContain('dumped')
    expect(await names()).toContain('thing 0')
    expect(await backfill(engine, 'sample')).toMatchObject({ complete: true })
    expect(await statuses()).toEqual(['done'])
    expect(await names()).toContain('changed')
    expect(await verify(engine, 'sample')).toMatchObject({ differences: 0 })
  })

  it('refuses what cannot be shown to be safe, before anything is written', async () => {
    const { world, engine, things } = await dumpWorld()
    await using _ = world
    const copy = (folder: DumpFolder) => backfillFromDump(engine, 'sample', folder)
    await using withoutOplog = await writeDump(engine, both, { oplog: false })
    await expect(copy(withoutOplog)).rejects.toMatchObject({ code: 'LB_DUMP_NOT_SAFE' })
    await using whole = await writeDump(engine, both)
    await world.setPhase('shadow')
    await expect(copy(whole)).rejects.toMatchObject({ code: 'LB_STEP_NOT_ALLOWED' })
    await world.setPhase('mirror')
    await using partial = await writeDump(engine, ['things'])
    await expect(copy(partial)).rejects.toMatchObject({ code: 'LB_DUMP_UNREADABLE' })
    await things.drop()
    await engine.database.createCollection('things')
    await expect(copy(whole)).rejects.toMatchObject({ code: 'LB_DUMP_NOT_SAFE' })
    expect((await engine.pool.query('select from landbridge.chunk')).rowCount).toBe(0)
  })

  it('stops at a file that is cut short, and its collection is not done', async () => {
    const { world, engine, statuses } = await dumpWorld()
    await using _ = world
    await using folder = await writeDump(engine, both)
    const file = join(folder.path, folder.database, 'things.bson')
    await writeFile(file, (await readFile(file)).subarray(0, -7))
    const report = await backfillFromDump(engine, 'sample', folder)
    expect(report.complete).toBe(false)
    expect(report.collections[0]?.error).toMatchObject({ code: 'LB_DUMP_UNREADABLE' })
    expect(await statuses()).not.toContain('done')
  })
})
