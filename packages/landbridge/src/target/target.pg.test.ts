import { freshDatabase } from 'test-world/postgres'
import { describe, expect, it } from 'vitest'
import type { EntityRows } from '../mapping/types.ts'
import { sampleTables, thingsMapping } from '../testing/sample-unit.ts'
import { deleteEntities, readEntities, writeEntities } from './entities.ts'
import { entitySlot, lockEntities } from './entity-locks.ts'
import { identifier, tableName } from './identifier.ts'
import { replaceKeeping } from './rows.ts'
import { databaseFault, isBusy, isDataFault } from './sql-state.ts'
import { inTransaction } from './transaction.ts'

const id = '0189aaaa-bbbb-8ccc-8ddd-eeeeee4c4231'

function thing(name: string, parts: string[], price = '12.500000000000000001'): EntityRows {
  return {
    id,
    tables: {
      things: [
        {
          id,
          legacy_object_id: '0189aaaabbbbcccdddeeeeee',
          name,
          price,
          status: 'new',
          doc_version: 3,
          created_at: new Date('2020-02-29T12:00:00.123Z'),
          extra: { nick: { reason: 'unmapped', value: ['a', null, { b: 1.5 }] } },
        },
      ],
      thing_parts: parts.map((label, ordinal) => ({
        thing_id: id,
        ordinal,
        label,
        quantity: null,
        extra: null,
      })),
    },
  }
}

describe('whole entities', () => {
  it('come back as they were written, children in order, to the last decimal and millisecond', async () => {
    await using database = await freshDatabase()
    await database.pool.query(sampleTables)
    const written = thing('lamp', ['c', 'a', 'b'])
    await inTransaction(database.pool, { applier: true }, (tx) => writeEntities(tx, thingsMapping, [written]))
    const read = await inTransaction(database.pool, { isolation: 'repeatable read', readOnly: true }, (tx) =>
      readEntities(tx, thingsMapping, [id, '00000000-0000-8000-8000-0000004c4231']),
    )
    expect([...read]).toEqual([[id, written]])
  })

  it('are replaced without touching columns that MongoDB never holds, and deleted with their children', async () => {
    await using database = await freshDatabase()
    const { pool } = database
    await pool.query(sampleTables)
    const write = (entity: EntityRows) =>
      inTransaction(pool, { applier: true }, (tx) => writeEntities(tx, thingsMapping, [entity]))
    await write(thing('lamp', ['a', 'b']))
    await pool.query("update things set origin = 'by hand'")
    await write(thing('torch', ['z']))
    const { rows } = await pool.query(
      'select name, origin, (select array_agg(label) from thing_parts) as parts from things',
    )
    expect(rows).toEqual([{ name: 'torch', origin: 'by hand', parts: ['z'] }])
    await inTransaction(pool, { applier: true }, (tx) => deleteEntities(tx, thingsMapping, [id]))
    expect((await pool.query('select from thing_parts')).rowCount).toBe(0)
  })

  it('keep what only Postgres knows of a child row that stays', async () => {
    await using database = await freshDatabase()
    const { pool } = database
    await pool.query(sampleTables)
    await pool.query("alter table thing_parts add note text default 'new'")
    const table = thingsMapping.tables.find((each) => each.name === 'thing_parts')
    if (table === undefined) throw new Error('the sample has a child table')
    const rows = (labels: string[]) => thing('x', labels).tables.thing_parts ?? []
    await inTransaction(pool, { applier: true }, async (tx) => {
      await replaceKeeping(tx, table, 'thing_id', [id], rows(['a', 'b', 'c']))
      await tx.query("update thing_parts set note = 'seen'")
      await replaceKeeping(tx, table, 'thing_id', [id], rows(['a', 'B']))
    })
    const kept = await pool.query('select label, note from thing_parts order by ordinal')
    expect(kept.rows).toEqual([
      { label: 'a', note: 'seen' },
      { label: 'B', note: 'seen' },
    ])
  })
})

describe('inTransaction', () => {
  it('sets replica role and timeouts for the transaction alone', async () => {
    await using database = await freshDatabase()
    const settings = async (tx: { query(sql: string): Promise<{ rows: unknown[] }> }) =>
      (
        await tx.query(
          `select current_setting('session_replication_role') as role, current_setting('lock_timeout') as wait,
             current_setting('transaction_isolation') as isolation`,
        )
      ).rows[0]
    const options = { applier: true, lockTimeoutMs: 50, isolation: 'repeatable read' } as const
    expect(await inTransaction(database.pool, options, settings)).toEqual({
      role: 'replica',
      wait: '50ms',
      isolation: 'repeatable read',
    })
    expect(await settings(database.pool)).toEqual({ role: 'origin', wait: '0', isolation: 'read committed' })
  })

  it('rolls back what failed, and gives no broken connection to the next', async () => {
    await using database = await freshDatabase()
    const { pool } = database
    await pool.query('create table t (n int)')
    const failing = inTransaction(pool, {}, async (tx) => {
      await tx.query('insert into t values (1)')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    const killed = inTransaction(pool, {}, (tx) => tx.query('select pg_terminate_backend(pg_backend_pid())'))
    await expect(killed).rejects.toThrow()
    expect((await pool.query('select from t')).rowCount).toBe(0)
  })
})

describe('lockEntities', () => {
  it('fails as busy after the wait, and leaves no timeout behind', async () => {
    await using database = await freshDatabase()
    const { pool } = database
    await pool.query(`create schema landbridge; create function landbridge.entity_lock_key(unit text, slot int)
      returns bigint language sql immutable as $$ select hashtextextended(unit || slot, 0) $$`)
    await inTransaction(pool, {}, async (tx) => {
      await lockEntities(tx, 'u', ['a', 'b', 'c', 'a'], { waitMs: 1_000 })
      const { rows } = await tx.query("select current_setting('lock_timeout') as wait")
      expect(rows[0].wait).toBe('0')
      const error = await inTransaction(pool, {}, (other) =>
        lockEntities(other, 'u', ['b'], { waitMs: 30 }),
      ).catch((cause: unknown) => cause)
      expect(isBusy(error)).toBe(true)
      await inTransaction(pool, {}, (other) => lockEntities(other, 'another unit', ['b'], { waitMs: 30 }))
    })
  })

  it('spreads entities over 1,024 slots', () => {
    const slots = new Set(Array.from({ length: 20_000 }, (_, i) => entitySlot(`entity ${i}`)))
    expect(slots.size).toBe(1_024)
  })
})

describe('names and errors', () => {
  it('quotes whatever a name holds', () => {
    expect(identifier('a"b')).toBe('"a""b"')
    expect(tableName({ schema: 'app', name: 'user' })).toBe('"app"."user"')
  })

  it('tells data faults from others by SQLSTATE', async () => {
    await using database = await freshDatabase()
    const fault = await database.pool.query("select 'x'::int").catch((error: unknown) => error)
    expect(isDataFault(fault)).toBe(true)
    expect(databaseFault(fault)?.state).toBe('22P02')
    expect(databaseFault(new Error('socket'))).toBeUndefined()
    expect(databaseFault(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))).toBeUndefined()
  })
})
