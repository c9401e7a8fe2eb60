import { jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { expect, it } from 'vitest'
import type { UnitConfig } from '../config.ts'
import { defineMapping } from '../mapping/define-mapping.ts'
import { engineWorld } from '../testing/engine-world.ts'
import { settleForeignKeys } from './foreign-keys.ts'

const people = pgTable('people', {
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id'),
  extra: jsonb('extra'),
})
const letters = pgTable('letters', {
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id'),
  writer: uuid('writer_id'),
  extra: jsonb('extra'),
})
const tables = `
  create table people (id uuid primary key, legacy_object_id text, extra jsonb);
  create table letters (id uuid primary key, legacy_object_id text, extra jsonb,
    writer_id uuid constraint letters_writer references people (id) on delete set null);`
const units: UnitConfig[] = [
  {
    name: 'people',
    kind: 'content',
    mappings: [defineMapping({ unit: 'people', collection: 'people', table: people })],
  },
  {
    name: 'letters',
    kind: 'content',
    mappings: [defineMapping({ unit: 'letters', collection: 'letters', table: letters })],
  },
]

it('takes a foreign key across units away while one moves, and rebuilds it when both have arrived', async () => {
  await using world = await engineWorld({ units, tables })
  const { engine } = world
  const key = async () => {
    const { rows } = await engine.pool.query(
      "select convalidated as valid, confdeltype as action from pg_constraint where conname = 'letters_writer'",
    )
    return rows[0]
  }
  const put = (unit: string, phase: string) =>
    engine.pool.query('update landbridge.unit set phase = $2 where name = $1', [unit, phase])

  expect(await settleForeignKeys(engine, 'test')).toEqual({ taken: [], rebuilt: [], dangling: [] })
  expect(await settleForeignKeys(engine, 'test', { unit: 'people', phase: 'mirror' })).toMatchObject({
    taken: ['letters_writer'],
  })
  expect(await key()).toBeUndefined()

  await put('people', 'postgres')
  expect(await settleForeignKeys(engine, 'test')).toMatchObject({ taken: [], rebuilt: [] })
  await put('letters', 'postgres')
  // An orphan of the old days: kept, listed, and the key binds only what is written from now on.
  await engine.pool.query(
    `begin; set local session_replication_role = replica;
     insert into letters (id, writer_id) values (gen_random_uuid(), gen_random_uuid()); commit`,
  )
  expect(await settleForeignKeys(engine, 'test')).toMatchObject({
    rebuilt: ['letters_writer'],
    dangling: [{ constraint: 'letters_writer', table: 'letters', rows: 1 }],
  })
  expect(await key()).toEqual({ valid: false, action: 'n' })
  expect(await settleForeignKeys(engine, 'test')).toEqual({ taken: [], rebuilt: [], dangling: [] })

  await put('people', 'shadow')
  await settleForeignKeys(engine, 'test')
  await engine.pool.query('begin; set local session_replication_role = replica; delete from letters; commit')
  await put('people', 'postgres')
  expect(await settleForeignKeys(engine, 'test')).toMatchObject({ rebuilt: ['letters_writer'], dangling: [] })
  expect(await key()).toEqual({ valid: true, action: 'n' })
})
