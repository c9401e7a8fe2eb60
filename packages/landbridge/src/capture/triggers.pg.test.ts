import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { freshDatabase } from 'test-world/postgres'
import { describe, expect, it } from 'vitest'
import { applyNumberedSql } from '../install/apply-sql.ts'
import type { Phase } from '../phase.ts'
import { inTransaction } from '../target/transaction.ts'
import { sampleTables, sampleUnit } from '../testing/sample-unit.ts'
import { attachUnit, detachCapture, detachUnit, triggersFor } from './triggers.ts'

async function attachedDatabase(phase: Phase) {
  const database = await freshDatabase()
  await database.pool.query(sampleTables)
  await inTransaction(database.pool, {}, async (tx) => {
    await applyNumberedSql(tx)
    await attachUnit(tx, sampleUnit)
  })
  await database.pool.query('update landbridge.unit set phase = $1', [phase])
  return database
}

async function outbox(pool: Pool) {
  const { rows } = await pool.query(
    'select entity, kind, table_name as "table" from landbridge.change_outbox order by id',
  )
  return rows
}

function insertThing(pool: Pool, id: string = randomUUID()) {
  return pool.query('insert into things (id, legacy_object_id) values ($1, $2)', [id, id])
}

describe('the write guard', () => {
  it.each(['mongo', 'mirror', 'shadow'] as const)('refuses every write in phase %s', async (phase) => {
    await using database = await attachedDatabase(phase)
    await expect(insertThing(database.pool)).rejects.toMatchObject({ code: 'LB001' })
    await expect(database.pool.query('update notes set body = body')).rejects.toMatchObject({ code: 'LB001' })
    await expect(database.pool.query('delete from thing_parts')).rejects.toMatchObject({ code: 'LB001' })
    await expect(database.pool.query('truncate notes')).rejects.toMatchObject({ code: 'LB001' })
  })

  it('refuses writes behind a fence and TRUNCATE in phase postgres', async () => {
    await using database = await attachedDatabase('postgres')
    await insertThing(database.pool)
    await expect(database.pool.query('truncate notes')).rejects.toMatchObject({ code: 'LB004' })
    await database.pool.query("update landbridge.unit set status = 'fenced', fence_id = gen_random_uuid()")
    await expect(insertThing(database.pool)).rejects.toMatchObject({ code: 'LB002' })
  })

  it('holds the phase until the writer ends', async () => {
    await using database = await attachedDatabase('postgres')
    const fenceWaits = inTransaction(database.pool, {}, async (writer) => {
      await writer.query('insert into things (id, legacy_object_id) values ($1::uuid, $1::text)', [
        randomUUID(),
      ])
      await inTransaction(database.pool, { lockTimeoutMs: 100 }, (fence) =>
        fence.query("select pg_advisory_xact_lock(landbridge.unit_lock_key('sample'))"),
      )
    })
    await expect(fenceWaits).rejects.toMatchObject({ code: '55P03' })
  })
})

describe('the capture', () => {
  it('puts one row for each touched entity of a statement', async () => {
    await using database = await attachedDatabase('postgres')
    const [a, b] = [randomUUID(), randomUUID()]
    await database.pool.query(
      'insert into things (id, legacy_object_id) values ($1::uuid, $1::text), ($2::uuid, $2::text)',
      [a, b],
    )
    await database.pool.query(
      'insert into thing_parts (thing_id, ordinal) values ($1, 0), ($1, 1), ($1, 2)',
      [a],
    )
    const rows = await outbox(database.pool)
    expect(rows).toHaveLength(3)
    expect(rows.slice(0, 2)).toEqual(
      expect.arrayContaining([
        { entity: a, kind: 'parent', table: 'things' },
        { entity: b, kind: 'parent', table: 'things' },
      ]),
    )
    expect(rows[2]).toEqual({ entity: a, kind: 'child', table: 'thing_parts' })
  })

  it('puts a row for the old and the new parent of a child that moves (G10)', async () => {
    await using database = await attachedDatabase('postgres')
    const [a, b] = [randomUUID(), randomUUID()]
    await insertThing(database.pool, a)
    await insertThing(database.pool, b)
    await database.pool.query('insert into thing_parts (thing_id, ordinal) values ($1, 0)', [a])
    await database.pool.query('delete from landbridge.change_outbox')
    await database.pool.query('update thing_parts set thing_id = $1', [b])
    const entities = (await outbox(database.pool)).map((row) => row.entity)
    expect(entities.sort()).toEqual([a, b].sort())
  })

  it('sees deletes, cascades and both halves of an upsert', async () => {
    await using database = await attachedDatabase('postgres')
    const [a, b] = [randomUUID(), randomUUID()]
    await insertThing(database.pool, a)
    await database.pool.query('insert into thing_parts (thing_id, ordinal) values ($1, 0)', [a])
    await database.pool.query('delete from landbridge.change_outbox')
    await database.pool.query(
      `insert into things (id, legacy_object_id) values ($1::uuid, $1::text), ($2::uuid, $2::text)
       on conflict (id) do update set status = 'used'`,
      [a, b],
    )
    expect((await outbox(database.pool)).map((row) => row.entity).sort()).toEqual([a, b].sort())
    await database.pool.query('delete from landbridge.change_outbox')
    await database.pool.query('delete from things where id = $1', [a])
    expect((await outbox(database.pool)).map((row) => row.kind).sort()).toEqual(['child', 'parent'])
  })

  it('rolls back with its writer, and is silent for appliers', async () => {
    await using database = await attachedDatabase('mirror')
    await inTransaction(database.pool, { applier: true }, (tx) =>
      tx.query('insert into things (id, legacy_object_id) values ($1::uuid, $1::text)', [randomUUID()]),
    )
    await database.pool.query("update landbridge.unit set phase = 'postgres'")
    const failing = inTransaction(database.pool, {}, async (tx) => {
      await tx.query('insert into things (id, legacy_object_id) values ($1::uuid, $1::text)', [randomUUID()])
      throw new Error('the writer gives up')
    })
    await expect(failing).rejects.toThrow('gives up')
    expect(await outbox(database.pool)).toEqual([])
  })
})

describe('attaching', () => {
  it('can be repeated, switches a disabled trigger on again and drops tables that left', async () => {
    await using database = await attachedDatabase('postgres')
    await database.pool.query('alter table things disable trigger user')
    const [things] = sampleUnit.mappings
    if (things === undefined) throw new Error('the sample unit has lost its mappings')
    await inTransaction(database.pool, {}, (tx) => attachUnit(tx, { ...sampleUnit, mappings: [things] }))
    const { rows } = await database.pool.query(
      `select tgrelid::regclass::text as "table", count(*)::int as n from pg_trigger
       where tgname like 'landbridge%' and tgenabled = 'O' group by 1 order by 1`,
    )
    expect(rows).toEqual([
      { table: 'thing_parts', n: 4 },
      { table: 'things', n: 4 },
    ])
    expect(rows.reduce((sum, row) => sum + row.n, 0)).toBe(triggersFor('sample', [things]).length)
  })

  it('ends the capture at retire and everything at finish', async () => {
    await using database = await attachedDatabase('retired')
    await detachCapture(database.pool, 'sample')
    await insertThing(database.pool)
    expect(await outbox(database.pool)).toEqual([])
    await inTransaction(database.pool, {}, (tx) => detachUnit(tx, 'sample'))
    const { rows } = await database.pool.query("select from pg_trigger where tgname like 'landbridge%'")
    expect(rows).toHaveLength(0)
  })
})
