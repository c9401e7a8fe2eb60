import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { backfill } from '../backfill/backfill.ts'
import type { Engine } from '../engine.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { storeThrottle } from './store-throttle.ts'
import { readThrottle, setThrottle } from './throttle-settings.ts'

const reasonNow = (engine: Engine) => storeThrottle(engine)()

describe('throttle', () => {
  it('gives the reason to stop as a sentence, each from its source', async () => {
    await using world = await sampleWorld('mirror')
    const { engine } = world
    expect(await reasonNow(engine)).toBeNull()
    await setThrottle(engine.pool, { pausedBecause: 'sale of the year' }, 'Ada')
    expect(await reasonNow(engine)).toBe('paused by an operator: sale of the year')

    const folder = mkdtempSync(join(tmpdir(), 'throttle-'))
    const flagFile = join(folder, 'stop')
    writeFileSync(flagFile, '')
    await setThrottle(engine.pool, { pausedBecause: null, flagFile }, 'Ada')
    expect(await reasonNow(engine)).toBe(`the file ${flagFile} exists`)
    rmSync(folder, { recursive: true })
    expect(await reasonNow(engine)).toBeNull()

    await setThrottle(engine.pool, { query: "select 'queue is ' || 7 || ' long'" }, 'Ada')
    expect(await reasonNow(engine)).toBe('queue is 7 long')
    await setThrottle(engine.pool, { query: 'select no_such_column' }, 'Ada')
    expect(await reasonNow(engine)).toContain('the throttle query fails')
    await setThrottle(engine.pool, { query: 'select null' }, 'Ada')
    expect(await reasonNow(engine)).toBeNull()
  })

  it('keeps what a change does not name, and refuses nonsense', async () => {
    await using world = await sampleWorld('mirror')
    const { pool } = world.engine
    await setThrottle(pool, { workers: 3 }, 'Ada')
    expect(await setThrottle(pool, { documentsPerSecond: 500 }, 'Bob')).toMatchObject({
      workers: 3,
      documentsPerSecond: 500,
    })
    await expect(setThrottle(pool, { workers: 0 }, 'Bob')).rejects.toThrow()
    expect(await readThrottle(pool)).toMatchObject({ workers: 3 })
  })

  it('stops a running backfill and lets it go on', async () => {
    await using world = await sampleWorld('mirror')
    const engine = {
      ...world.engine,
      config: { ...world.engine.config, backfill: { chunkSize: 2, workers: 1 } },
    }
    await engine.pool.query(
      "insert into landbridge.position (capture, cluster_time) values ('change-stream', 1)",
    )
    await engine.database
      .collection('things')
      .insertMany(Array.from({ length: 6 }, () => ({ _id: new ObjectId() })))
    await setThrottle(engine.pool, { pausedBecause: 'wait' }, 'Ada')
    const reasons: (string | null)[] = []
    const copying = backfill(engine, 'sample', {
      collections: ['things'],
      onProgress: ({ throttledBy }) => reasons.push(throttledBy),
    })
    await expect.poll(() => reasons, { timeout: 10_000 }).toContain('paused by an operator: wait')
    await setThrottle(engine.pool, { pausedBecause: null, documentsPerSecond: 20 }, 'Ada')
    const started = performance.now()
    expect(await copying).toMatchObject({ complete: true })
    // Six documents at twenty a second.
    expect(performance.now() - started).toBeGreaterThan(250)
  })
})
