import type { Engine } from '../engine.ts'
import { writeAudit } from '../observe/audit.ts'
import { authorityOf, type Phase } from '../phase.ts'
import { identifier } from '../target/identifier.ts'
import { inTransaction } from '../target/transaction.ts'
import { whenNotBusy } from '../target/when-not-busy.ts'
import { readUnitRows } from './unit-row.ts'

/** A foreign key between tables of two units, in the database or taken away. */
interface CrossingKey {
  table: string
  constraint: string
  definition: string
  referencedTable: string
  unit: string
  referencedUnit: string
  there: boolean
}

export interface ForeignKeysSettled {
  taken: string[]
  rebuilt: string[]
  /** Rebuilt but not validated, with the number of rows that point to nothing. */
  dangling: { constraint: string; table: string; rows: number }[]
}

/**
 * Makes the foreign keys across units what the phases ask for: gone (and recorded) while one of the two units moves,
 * there when both are on Postgres. Rebuilt keys bind new writes at once; old rows are checked by an anti-join and the
 * key is validated where none dangles. Keys inside a unit, and inside an entity, are never touched.
 */
export async function settleForeignKeys(
  engine: Engine,
  actor: string,
  /** A unit about to step, with the phase that it will be in. */
  ahead: { unit: string; phase: Phase } | null = null,
): Promise<ForeignKeysSettled> {
  // A coordinator and the nodes may want to do it at the same time: one after the other.
  return inTransaction(engine.pool, {}, async (tx) => {
    await tx.query("select pg_advisory_xact_lock(hashtextextended('landbridge:foreign-keys', 0))")
    return settleUnderLock(engine, actor, ahead)
  })
}

async function settleUnderLock(
  engine: Engine,
  actor: string,
  ahead: { unit: string; phase: Phase } | null,
): Promise<ForeignKeysSettled> {
  const phases = new Map((await readUnitRows(engine.pool)).map((row) => [row.name, row.phase]))
  if (ahead !== null) phases.set(ahead.unit, ahead.phase)
  const result: ForeignKeysSettled = { taken: [], rebuilt: [], dangling: [] }
  for (const key of await crossingKeys(engine)) {
    const units = [phases.get(key.unit), phases.get(key.referencedUnit)]
    const bothOnPostgres = units.every((phase) => phase !== undefined && authorityOf(phase) === 'postgres')
    const nobodyMoves = units.every((phase) => phase === 'mongo')
    if (key.there && !bothOnPostgres && !nobodyMoves) {
      await whenNotBusy(() => takeAway(engine, key))
      result.taken.push(key.constraint)
    } else if (!key.there && bothOnPostgres) {
      await whenNotBusy(() => rebuild(engine, key))
      result.rebuilt.push(key.constraint)
      const rows = await countDangling(engine, key)
      if (rows === 0) await whenNotBusy(() => validate(engine, key))
      else result.dangling.push({ constraint: key.constraint, table: key.table, rows })
    }
  }
  if (result.taken.length + result.rebuilt.length > 0) {
    await writeAudit(engine.pool, { actor, action: 'foreign-keys', unit: ahead?.unit, detail: { ...result } })
  }
  return result
}

async function crossingKeys(engine: Engine): Promise<CrossingKey[]> {
  const { rows } = await engine.pool.query(`
    with units as (select to_regclass(table_name)::oid as oid, table_name, unit from landbridge.unit_table)
    select f.table_name as "table", c.conname as "constraint", pg_get_constraintdef(c.oid) as definition,
      t.table_name as "referencedTable", f.unit, t.unit as "referencedUnit", true as there
    from pg_constraint c join units f on f.oid = c.conrelid join units t on t.oid = c.confrelid
    where c.contype = 'f' and f.unit <> t.unit
    union all
    select k.table_name, k.constraint_name, k.definition, k.referenced_table, f.unit, t.unit, false
    from landbridge.taken_foreign_key k
    join units f on f.table_name = k.table_name join units t on t.table_name = k.referenced_table
    order by 1, 2`)
  return rows
}

async function takeAway(engine: Engine, key: CrossingKey): Promise<void> {
  await inTransaction(engine.pool, { lockTimeoutMs: 500 }, async (tx) => {
    await tx.query(
      `insert into landbridge.taken_foreign_key
         (table_name, constraint_name, definition, referenced_table, taken_for_unit)
       values ($1, $2, $3, $4, $5) on conflict (table_name, constraint_name) do nothing`,
      [
        key.table,
        key.constraint,
        key.definition.replace(/ NOT VALID$/, ''),
        key.referencedTable,
        key.referencedUnit,
      ],
    )
    await tx.query(`alter table ${key.table} drop constraint if exists ${identifier(key.constraint)}`)
  })
}

/** The definition is Postgres' own text of the key, kept when it was taken; nothing of it comes from users. */
async function rebuild(engine: Engine, key: CrossingKey): Promise<void> {
  await inTransaction(engine.pool, { lockTimeoutMs: 500 }, async (tx) => {
    await tx.query(
      `alter table ${key.table} add constraint ${identifier(key.constraint)} ${key.definition} not valid`,
    )
    await tx.query(
      'delete from landbridge.taken_foreign_key where table_name = $1 and constraint_name = $2',
      [key.table, key.constraint],
    )
  })
}

async function validate(engine: Engine, key: CrossingKey): Promise<void> {
  await inTransaction(engine.pool, { lockTimeoutMs: 500 }, (tx) =>
    tx.query(`alter table ${key.table} validate constraint ${identifier(key.constraint)}`),
  )
}

async function countDangling(engine: Engine, key: CrossingKey): Promise<number> {
  const { rows } = await engine.pool.query(
    `select array_agg(a.attname::text order by k.position) as columns,
       array_agg(b.attname::text order by k.position) as targets
     from pg_constraint c, unnest(c.conkey, c.confkey) with ordinality as k (from_column, to_column, position),
       pg_attribute a, pg_attribute b
     where c.conname = $1 and c.conrelid = to_regclass($2) and a.attrelid = c.conrelid and a.attnum = k.from_column
       and b.attrelid = c.confrelid and b.attnum = k.to_column`,
    [key.constraint, key.table],
  )
  const columns: string[] = rows[0]?.columns ?? []
  const targets: string[] = rows[0]?.targets ?? []
  const present = columns.map((column) => `f.${identifier(column)} is not null`).join(' and ')
  const equal = columns
    .map((column, at) => `t.${identifier(targets[at] ?? '')} = f.${identifier(column)}`)
    .join(' and ')
  const counted = await engine.pool.query(
    `select count(*)::int as n from ${key.table} f
     where ${present} and not exists (select from ${key.referencedTable} t where ${equal})`,
  )
  return Number(counted.rows[0]?.n)
}
