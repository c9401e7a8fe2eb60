import { jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { attachUnit } from '../capture/triggers.ts'
import type { Engine } from '../engine.ts'
import { defineMapping } from '../mapping/define-mapping.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { inTransaction } from '../target/transaction.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { verify } from '../verify/verify.ts'
import { backfill } from './backfill.ts'

const settingsTable = pgTable('settings', {
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').notNull(),
  value: text('value'),
  extra: jsonb('extra'),
})
const settings = defineMapping({
  unit: 'settings',
  collection: 'settings',
  table: settingsTable,
  identity: 'id-map',
})

interface Setting {
  _id: string | ObjectId
  value: string
}

async function settingsWorld(documents: Setting[]) {
  const world = await sampleWorld('mirror', { verifyGraceMs: 20 })
  const unit = { name: 'settings', kind: 'content' as const, mappings: [settings] }
  const engine: Engine = {
    ...world.engine,
    config: { ...world.engine.config, units: [unit], backfill: { chunkSize: 2, workers: 2 } },
  }
  await engine.pool.query(`
    create table settings (id uuid primary key, legacy_object_id text unique, value text, extra jsonb);
    insert into landbridge.position (capture, cluster_time) values ('change-stream', 1)`)
  await inTransaction(engine.pool, {}, (tx) => attachUnit(tx, unit))
  await engine.pool.query("update landbridge.unit set phase = 'mirror' where name = 'settings'")
  const source = engine.database.collection<Setting>('settings')
  await source.insertMany(documents)
  const values = async () => {
    const { rows } = await engine.pool.query('select value from settings order by value')
    return rows.map((row) => row.value)
  }
  return { world, engine, source, values }
}

describe('ids that are no ObjectIds', () => {
  const documents = [
    ...['theme', 'limits', 'zoom', 'Ä', '😀', ''].map((_id, i) => ({ _id, value: 'abcdef'.charAt(i) })),
    { _id: new ObjectId(), value: 'g' },
  ]

  it('are copied range by range of each type, mirrored and verified', async () => {
    const { world, engine, source, values } = await settingsWorld(documents)
    await using _ = world
    expect(await backfill(engine, 'settings')).toMatchObject({
      complete: true,
      collections: [{ documents: 7, quarantined: 0, chunks: 4 }],
    })
    expect(await values()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
    expect(await verify(engine, 'settings')).toMatchObject({ differences: 0, collections: [{ compared: 7 }] })

    await source.updateOne({ _id: 'theme' }, { $set: { value: 'z' } })
    await source.deleteOne({ _id: '😀' })
    const outcomes = await mirrorToPostgres(engine, settings, ['theme', '😀'], { reason: 'capture' })
    expect(outcomes.map((each) => each.outcome)).toEqual(['mirrored', 'deleted'])
    expect(await values()).toEqual(['b', 'c', 'd', 'f', 'g', 'z'])
  })

  it('lose their rows when a chunk is repeated after their documents are gone', async () => {
    const { world, engine, source, values } = await settingsWorld(documents)
    await using _ = world
    await backfill(engine, 'settings')
    await source.deleteMany({ _id: { $in: ['limits', 'Ä'] } })
    expect(await verify(engine, 'settings')).toMatchObject({
      differences: 2,
      collections: [{ groups: [{ signature: 'settings extra (document)', entities: 2 }] }],
    })
    await backfill(engine, 'settings', { restart: true })
    expect(await values()).toEqual(['a', 'c', 'e', 'f', 'g'])
    expect(await verify(engine, 'settings')).toMatchObject({ differences: 0 })
  })
})
