import { jsonb, numeric, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { attachUnit } from '../capture/triggers.ts'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { defineMapping } from '../mapping/define-mapping.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { inTransaction } from '../target/transaction.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { reportedGroups } from '../verify/difference-store.ts'
import { verify } from '../verify/verify.ts'
import { backfill } from './backfill.ts'

const entriesTable = pgTable('entries', {
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').notNull(),
  amount: numeric('amount', { precision: 38, scale: 18 }),
  extra: jsonb('extra'),
})
const entries = defineMapping({
  unit: 'ledger',
  collection: 'entries',
  table: entriesTable,
  appendOnly: true,
})
const ledger: UnitConfig = { name: 'ledger', kind: 'money', mappings: [entries] }

/** A ledger whose table refuses every change, for appliers too. */
async function ledgerWorld() {
  const world = await sampleWorld('mirror', { verifyGraceMs: 30 })
  const engine: Engine = { ...world.engine, config: { ...world.engine.config, units: [ledger] } }
  await engine.pool.query(`
    create table entries (id uuid primary key, legacy_object_id text unique, amount numeric(38, 18), extra jsonb);
    create trigger entries_append_only before update or delete or truncate on entries
      for each statement execute function landbridge.refuse_change();
    alter table entries enable always trigger entries_append_only;
    insert into landbridge.position (capture, cluster_time) values ('change-stream', 1)`)
  await inTransaction(engine.pool, {}, (tx) => attachUnit(tx, ledger))
  await engine.pool.query("update landbridge.unit set phase = 'mirror' where name = 'ledger'")
  await engine.database.createCollection('entries')
  const source = engine.database.collection('entries')
  const ids = Array.from({ length: 5 }, () => new ObjectId())
  await source.insertMany(ids.map((_id, i) => ({ _id, amount: i })))
  const amounts = async () => {
    const { rows } = await engine.pool.query('select amount::int as amount from entries order by id')
    return rows.map((row) => row.amount)
  }
  return { world, engine, source, ids, amounts }
}

describe('an append-only collection', () => {
  it('takes new entries and nothing else: what changed or vanished is a finding', async () => {
    const { world, engine, source, ids, amounts } = await ledgerWorld()
    await using _ = world
    expect(await backfill(engine, 'ledger')).toMatchObject({
      complete: true,
      collections: [{ documents: 5 }],
    })
    expect(await amounts()).toEqual([0, 1, 2, 3, 4])
    const fresh = new ObjectId()
    await source.insertOne({ _id: fresh, amount: 5 })
    await source.updateOne({ _id: ids[0] }, { $set: { amount: 100 } })
    await source.deleteOne({ _id: ids[1] })
    const outcomes = await mirrorToPostgres(engine, entries, [fresh, ids[0], ids[1], ids[2]], {
      reason: 'capture',
    })
    expect(outcomes.map((each) => each.outcome)).toEqual(['mirrored', 'finding', 'finding', 'mirrored'])
    expect(await amounts()).toEqual([0, 1, 2, 3, 4, 5])
    expect((await reportedGroups(engine.pool, 'entries')).map((group) => group.signature).sort()).toEqual([
      'entries changed amount',
      'entries extra (document)',
    ])
    expect(await verify(engine, 'ledger', { repair: true })).toMatchObject({ differences: 2, complete: true })
  })

  it('can be copied again chunk by chunk without a delete, and finds what differs', async () => {
    const { world, engine, source, ids, amounts } = await ledgerWorld()
    await using _ = world
    await backfill(engine, 'ledger')
    await source.insertOne({ _id: new ObjectId(), amount: 5 })
    await source.updateOne({ _id: ids[3] }, { $set: { amount: 30 } })
    await source.deleteOne({ _id: ids[4] })
    await engine.pool.query("update landbridge.chunk set status = 'pending'")
    expect(await backfill(engine, 'ledger')).toMatchObject({ complete: true })
    expect(await amounts()).toEqual([0, 1, 2, 3, 4, 5])
    expect(await reportedGroups(engine.pool, 'entries')).toHaveLength(2)
  })

  it('begins anew only by a restart, and its triggers are on again', async () => {
    const { world, engine, source, ids, amounts } = await ledgerWorld()
    await using _ = world
    await backfill(engine, 'ledger')
    await source.updateOne({ _id: ids[0] }, { $set: { amount: 100 } })
    await source.deleteOne({ _id: ids[1] })
    expect(await backfill(engine, 'ledger', { restart: true })).toMatchObject({ complete: true })
    expect(await amounts()).toEqual([100, 2, 3, 4])
    const refused = inTransaction(engine.pool, { applier: true }, (tx) => tx.query('delete from entries'))
    await expect(refused).rejects.toMatchObject({ code: 'LB005' })
  })
})
