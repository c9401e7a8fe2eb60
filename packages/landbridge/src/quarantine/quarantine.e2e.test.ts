import { Int32 } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { idToBytes } from '../source/id-key.ts'
import { thingsMapping } from '../testing/sample-unit.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { acceptQuarantined, countQuarantine, listQuarantine, readQuarantinedRaw } from './quarantine.ts'
import { releaseFromQuarantine } from './release.ts'

async function worldWithQuarantined() {
  const world = await sampleWorld('shadow')
  const { _id } = world.newId()
  const source = world.engine.database.collection('things')
  await source.insertOne({ _id, name: 'dear', price: new Int32(2_000_000), secret: 'kept' })
  await mirrorToPostgres(world.engine, thingsMapping, [_id], { reason: 'inline' })
  return {
    world,
    engine: world.engine,
    source,
    _id,
    document: { collection: 'things', legacyId: idToBytes(_id) },
  }
}

describe('quarantine', () => {
  it('keeps the whole document, and an acceptance only for the bytes that were looked at', async () => {
    const { world, engine, source, _id, document } = await worldWithQuarantined()
    await using _ = world
    const raw = await readQuarantinedRaw(engine.pool, 'things', document.legacyId)
    expect(raw?.includes('secret')).toBe(true)
    await expect(acceptQuarantined(engine.pool, document, { by: 'Ada', reason: ' ' })).rejects.toMatchObject({
      code: 'LB_USAGE',
    })
    await acceptQuarantined(engine.pool, document, { by: 'Ada', reason: 'a test order' })
    expect(await countQuarantine(engine.pool, 'sample')).toEqual({ total: 1, unresolved: 0 })
    await mirrorToPostgres(engine, thingsMapping, [_id], { reason: 'capture' })
    expect(await countQuarantine(engine.pool, 'sample')).toEqual({ total: 1, unresolved: 0 })

    await source.updateOne({ _id }, { $set: { price: new Int32(3_000_000) } })
    await mirrorToPostgres(engine, thingsMapping, [_id], { reason: 'capture' })
    expect(await listQuarantine(engine.pool, { unresolvedOnly: true })).toMatchObject([{ acceptedBy: null }])
  })

  it('is tried again on demand while MongoDB is the authority', async () => {
    const { world, engine, source, _id } = await worldWithQuarantined()
    await using _ = world
    expect(await releaseFromQuarantine(engine, thingsMapping, _id)).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'check' },
    })
    await source.updateOne({ _id }, { $set: { price: new Int32(3) } })
    expect(await releaseFromQuarantine(engine, thingsMapping, _id)).toEqual({ outcome: 'released' })
    expect(await listQuarantine(engine.pool)).toEqual([])
  })

  it('in phase postgres brings the document into Postgres, where the outbox sees it', async () => {
    const { world, engine, source, _id } = await worldWithQuarantined()
    await using _ = world
    await world.setPhase('postgres')
    expect(await releaseFromQuarantine(engine, thingsMapping, _id)).toMatchObject({ outcome: 'refused' })
    await source.updateOne({ _id }, { $set: { price: new Int32(3) } })
    expect(await releaseFromQuarantine(engine, thingsMapping, _id)).toEqual({ outcome: 'released' })
    const { rows } = await engine.pool.query('select name from things')
    expect(rows).toEqual([{ name: 'dear' }])
    expect(await world.outbox()).toBeGreaterThan(0)
    expect(await world.things()).toMatchObject([{ secret: 'kept' }])
  })
})
