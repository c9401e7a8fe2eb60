import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { freshDatabase } from 'test-world/postgres'
import { describe, expect, it } from 'vitest'
import { applyNumberedSql } from '../install/apply-sql.ts'
import { inTransaction } from '../target/transaction.ts'
import { growingTables, growingUnit } from '../testing/growing-unit.ts'
import { attachUnit } from './triggers.ts'

async function world() {
  const database = await freshDatabase()
  const { pool } = database
  await pool.query(growingTables)
  await inTransaction(pool, {}, async (tx) => {
    await applyNumberedSql(tx)
    await attachUnit(tx, growingUnit)
  })
  await pool.query("update landbridge.unit set phase = 'postgres'")
  const threads = [randomUUID(), randomUUID()]
  for (const id of threads)
    await pool.query('insert into threads (id, legacy_object_id) values ($1, $2)', [id, id])
  await pool.query('delete from landbridge.change_outbox')
  return { ...database, pool, threads }
}

async function outbox(pool: Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    `delete from landbridge.change_outbox returning entity, kind, child_path as path, child_id as child`,
  )
  return rows
}

const message = 'insert into thread_messages (thread_id, id, seq, body) values ($1, $2, $3, $4)'

describe('capture of a growing child', () => {
  it('names the element, also for what is inside of it, and the parent for its own row and plain children', async () => {
    await using database = await world()
    const { pool, threads } = database
    const [thread] = threads
    const child = randomUUID()
    const named = { entity: thread, kind: 'child', path: 'messages', child }
    await pool.query(message, [thread, child, 1, 'a'])
    expect(await outbox(pool)).toEqual([named])
    await pool.query(
      "insert into thread_message_files (thread_id, message_id, ordinal, url) values ($1, $2, 0, 'x'), ($1, $2, 1, 'y')",
      [thread, child],
    )
    expect(await outbox(pool)).toEqual([named])
    await pool.query("update thread_messages set body = 'b'")
    expect(await outbox(pool)).toEqual([named])
    await pool.query("update threads set title = 't' where id = $1", [thread])
    expect(await outbox(pool)).toEqual([{ entity: thread, kind: 'parent', path: null, child: null }])
    await pool.query("insert into thread_members (thread_id, ordinal, name) values ($1, 0, 'm')", [thread])
    expect(await outbox(pool)).toEqual([{ entity: thread, kind: 'child', path: null, child: null }])
  })

  it('names a child that moves under its old parent and its new one (G10)', async () => {
    await using database = await world()
    const { pool, threads } = database
    const [from, to] = threads
    const child = randomUUID()
    await pool.query(message, [from, child, 1, 'a'])
    await outbox(pool)
    await pool.query('update thread_messages set thread_id = $1 where thread_id = $2 and id = $3', [
      to,
      from,
      child,
    ])
    const rows = await outbox(pool)
    expect(rows).toHaveLength(2)
    for (const entity of threads)
      expect(rows).toContainEqual({ entity, kind: 'child', path: 'messages', child })
  })

  it('names the entity once where a statement touches hundreds of its elements', async () => {
    await using database = await world()
    const { pool, threads } = database
    const [many, few] = threads
    await pool.query(
      `insert into thread_messages (thread_id, id, seq)
       select $1::uuid, gen_random_uuid(), n from generate_series(1, 600) n
       union all select $2::uuid, gen_random_uuid(), n from generate_series(1, 3) n`,
      [many, few],
    )
    const rows = await outbox(pool)
    expect(rows).toHaveLength(4)
    expect(rows).toContainEqual({ entity: many, kind: 'entity', path: null, child: null })
  })
})
