import { ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { readUnitRow } from '../fence/unit-row.ts'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { status } from '../operator-api/status.ts'
import { threadsMapping } from '../testing/growing-unit.ts'
import { growingWorld } from '../testing/growing-world.ts'
import { largeDocuments } from './document-size.ts'
import { dueGaps } from './gaps.ts'
import { mirrorWays } from './mirror-ways.ts'
import { drainOutbox } from './relay.ts'
import { mirrorToMongo } from './to-mongo.ts'
import { mirrorToPostgres } from './to-postgres.ts'

const megabyte = 1024 * 1024
const body = 'x'.repeat(megabyte)

describe('documents near 16 MB', () => {
  it('cross, come back by what changed, are shown from 12 MB on, and past 16 MB stay in Postgres', async () => {
    await using world = await growingWorld('mirror')
    const { engine } = world
    const { _id, id } = world.newId()
    await engine.database.collection('threads').insertOne({
      _id,
      title: 'large',
      members: [],
      messages: Array.from({ length: 15 }, (_, i) => ({ _id: new ObjectId(), body: body + i })),
    })
    const [crossed] = await mirrorToPostgres(engine, threadsMapping, [_id], { reason: 'capture' })
    expect(crossed?.outcome).toBe('mirrored')
    expect(await world.unequal()).toEqual([])

    await world.setPhase('postgres')
    await world.addMessage(id, 100, 'a short one')
    expect(await mirrorToMongo(engine, threadsMapping, id, { mode: 'relay' })).toBe('mirrored')
    expect(mirrorWays(engine).toMongo).toEqual({ whole: 0, partial: 1 })
    expect(await world.unequal()).toEqual([])
    const [large] = await largeDocuments(engine.pool)
    expect(large).toMatchObject({ unit: 'talk', collection: 'threads', legacyId: String(_id) })
    expect(large?.bytes).toBeGreaterThan(15 * megabyte)
    expect((await status(engine)).units[0]?.large.documents).toBe(1)

    const last = await world.addMessage(id, 101, body)
    await world.addMessage(id, 102, body)
    const report = await drainOutbox(engine, 'talk', { timeoutMs: 5_000 })
    expect(report).toMatchObject({ drained: false, left: [{ entity: id }] })
    expect(report.left[0]?.trouble).toContain('too large for MongoDB')
    expect(await dueGaps(engine.pool, { limit: 10, dueOnly: false })).toMatchObject([
      { code: 'too-large-for-mongo', rawId: _id },
    ])
    expect((await readUnitRow(engine.pool, 'talk')).phase).toBe('postgres')

    // Shorter again, it goes back, and nothing is left to show.
    await engine.pool.query('delete from thread_messages where id = $1 or seq < 8', [
      uuidFromObjectId(String(last)),
    ])
    expect(await drainOutbox(engine, 'talk', { timeoutMs: 5_000 })).toMatchObject({ drained: true })
    expect(await world.unequal()).toEqual([])
    expect(await dueGaps(engine.pool, { limit: 10, dueOnly: false })).toEqual([])
    expect(await largeDocuments(engine.pool)).toEqual([])
  })
})
