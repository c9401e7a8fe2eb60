import { integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { type Document, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { attachUnit } from '../capture/triggers.ts'
import type { Engine } from '../engine.ts'
import { defineMapping } from '../mapping/define-mapping.ts'
import { rows } from '../mapping/definition.ts'
import { listQuarantine } from '../quarantine/quarantine.ts'
import { inTransaction } from '../target/transaction.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { mirrorToPostgres } from './to-postgres.ts'

const accountsTable = pgTable('accounts', {
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').notNull(),
  email: text('email'),
  state: text('state'),
  slot: integer('slot'),
  extra: jsonb('extra'),
})
const keysTable = pgTable('account_keys', {
  accountId: uuid('account_id').notNull(),
  ordinal: integer('ordinal').notNull(),
  credential: text('credential'),
  extra: jsonb('extra'),
})
const accounts = defineMapping({
  unit: 'accounts',
  collection: 'accounts',
  table: accountsTable,
  children: { keys: rows(keysTable, { parent: keysTable.accountId }) },
  uniques: {
    accounts_email: { paths: ['email'], outcome: 'extra' },
    accounts_slots_apart: { paths: ['slot'], outcome: 'extra' },
    account_keys_credential_key: { paths: ['keys.credential'], outcome: 'extra' },
  },
})

const ids = ['1', '2', '3'].map((digit) => new ObjectId(digit.padStart(24, '0')))

async function accountsWorld(documents: Document[]) {
  const world = await sampleWorld('mirror')
  const unit = { name: 'accounts', kind: 'content' as const, mappings: [accounts] }
  const engine: Engine = { ...world.engine, config: { ...world.engine.config, units: [unit] } }
  await engine.pool.query(`
    create table accounts (id uuid primary key, legacy_object_id text unique, email text, state text, slot int, extra jsonb);
    create unique index accounts_email on accounts (lower(email)) where state <> 'closed';
    create unique index accounts_slot on accounts (slot);
    create table account_keys (account_id uuid, ordinal int, credential text unique, extra jsonb,
      primary key (account_id, ordinal))`)
  await inTransaction(engine.pool, {}, (tx) => attachUnit(tx, unit))
  await engine.pool.query("update landbridge.unit set phase = 'mirror' where name = 'accounts'")
  const source = engine.database.collection('accounts')
  await source.insertMany(documents.map((document, i) => ({ _id: ids[i], ...document })))
  const mirror = async (...which: (ObjectId | undefined)[]) => {
    const results = await mirrorToPostgres(engine, accounts, which, { reason: 'capture' })
    return results.map((result) => result.outcome)
  }
  return { world, engine, source, mirror }
}

describe('unique indexes of every kind', () => {
  it('judges an expression with a condition as Postgres does', async () => {
    const { world, engine, mirror } = await accountsWorld([
      { email: 'Ada@x.org', state: 'open' },
      { email: 'ada@X.org', state: 'open' },
      { email: 'ADA@x.org', state: 'closed' },
    ])
    await using _ = world
    expect(await mirror(ids[2], ids[1], ids[0])).toEqual(['mirrored', 'mirrored', 'mirrored'])
    const { rows: found } = await engine.pool.query(
      "select email, extra -> 'email' ->> 'value' as kept from accounts order by id",
    )
    expect(found).toEqual([
      { email: 'Ada@x.org', kept: null },
      { email: null, kept: 'ada@X.org' },
      { email: 'ADA@x.org', kept: null },
    ])
  })

  it('finds the element that must let go, also within one document', async () => {
    const { world, engine, source, mirror } = await accountsWorld([
      { keys: [{ credential: 'a' }] },
      { keys: [{ credential: 'b' }, { credential: 'a' }, { credential: 'b' }] },
    ])
    await using _ = world
    expect(await mirror(ids[1])).toEqual(['mirrored'])
    expect(await mirror(ids[0])).toEqual(['mirrored'])
    const credentials = async () => {
      const { rows: found } = await engine.pool.query(
        'select credential from account_keys order by account_id, ordinal',
      )
      return found.map((row) => row.credential)
    }
    expect(await credentials()).toEqual(['a', 'b', null, null])
    await source.updateOne({ _id: ids[0] }, { $set: { keys: [] } })
    expect(await mirror(ids[0])).toEqual(['mirrored'])
    expect(await credentials()).toEqual(['b', 'a', null])
  })

  it('quarantines the loser where nothing else is declared, and brings it back when the holder lets go', async () => {
    const { world, engine, source, mirror } = await accountsWorld([{ slot: 1 }, { slot: 1 }])
    await using _ = world
    expect(await mirror(ids[0])).toEqual(['mirrored'])
    expect(await mirror(ids[1])).toEqual(['quarantined'])
    expect(await listQuarantine(engine.pool)).toMatchObject([{ rawId: ids[1], code: 'unique' }])
    await source.updateOne({ _id: ids[0] }, { $set: { slot: 2 } })
    expect(await mirror(ids[0])).toEqual(['mirrored'])
    expect(await listQuarantine(engine.pool)).toEqual([])
    expect((await engine.pool.query('select slot from accounts order by id')).rows).toEqual([
      { slot: 2 },
      { slot: 1 },
    ])
  })

  it('lets no range stand in the way of another that an exclusion forbids beside it', async () => {
    const { world, engine, source, mirror } = await accountsWorld([
      { slot: 10, state: 'open' },
      { slot: 15, state: 'open' },
      { slot: 22, state: 'open' },
    ])
    await using _ = world
    await engine.pool.query(`alter table accounts add constraint accounts_slots_apart
      exclude using gist (int4range(slot, slot + 10) with &&) where (state = 'open' and slot is not null)`)
    expect(await mirror(ids[2], ids[1], ids[0])).toEqual(['mirrored', 'mirrored', 'mirrored'])
    const slots = async () => (await engine.pool.query('select slot from accounts order by id')).rows
    // The second is in the way of both; as it has lost, the third is in nobody's way.
    expect(await slots()).toEqual([{ slot: 10 }, { slot: null }, { slot: 22 }])
    await source.updateOne({ _id: ids[2] }, { $set: { slot: 30 } })
    await source.updateOne({ _id: ids[0] }, { $set: { state: 'closed' } })
    await mirror(ids[2])
    expect(await mirror(ids[0])).toEqual(['mirrored'])
    expect(await slots()).toEqual([{ slot: 10 }, { slot: 15 }, { slot: 30 }])
  })
})
