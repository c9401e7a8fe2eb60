import type { ClientBase } from 'pg'
import pg from 'pg'
import type { UnitConfig } from '../config.ts'
import type { Mapping, TableShape } from '../mapping/types.ts'
import { tableName } from '../target/identifier.ts'
import { entityColumn } from '../target/rows.ts'
import { inTransaction } from '../target/transaction.ts'
import { whenNotBusy } from '../target/when-not-busy.ts'

/** One act on the database, as a value: it can be shown before it is done. */
export interface DatabaseAct {
  id: string
  sql: string
}

const guardTrigger = 'landbridge_guard'
const captureTriggers = {
  insert: 'landbridge_capture_insert',
  update: 'landbridge_capture_update',
  delete: 'landbridge_capture_delete',
} as const

/** Every trigger that the unit's tables carry: the write guard and, for each operation, the capture. */
export function triggersFor(unit: string, mappings: readonly Mapping[]): DatabaseAct[] {
  return mappings.flatMap((mapping) =>
    mapping.tables.flatMap((table) => [guardOf(unit, table), ...captureOf(unit, mapping.collection, table)]),
  )
}

/**
 * Registers the unit (in phase `mongo` when it is new) and its tables, and puts its triggers on; tables that the
 * unit no longer has lose theirs. Takes a lock on each table that stops its writers until the caller's transaction
 * ends, so call it only where something is missing.
 */
export async function attachUnit(tx: ClientBase, unit: UnitConfig): Promise<void> {
  await tx.query('insert into landbridge.unit (name) values ($1) on conflict (name) do nothing', [unit.name])
  await dropTablesThatLeft(tx, unit)
  for (const mapping of unit.mappings) {
    for (const table of mapping.tables) await registerTable(tx, unit.name, mapping.collection, table)
  }
  for (const trigger of triggersFor(unit.name, unit.mappings)) await tx.query(trigger.sql)
}

/**
 * Takes the capture triggers off: nothing is mirrored to MongoDB any more (`retire`). The write guard stays. A table at
 * a time, each in a transaction of its own: whoever waits for one table while holding another deadlocks with the
 * application's transactions.
 */
export async function detachCapture(pool: pg.Pool, unit: string): Promise<void> {
  for (const table of await registeredTables(pool, unit)) {
    await whenNotBusy(() =>
      inTransaction(pool, { lockTimeoutMs: 500 }, (tx) =>
        dropTriggers(tx, table, Object.values(captureTriggers)),
      ),
    )
  }
}

/** Takes every trigger of the unit off and forgets its tables (`finish`). */
export async function detachUnit(tx: ClientBase, unit: string): Promise<void> {
  for (const table of await registeredTables(tx, unit)) {
    await dropTriggers(tx, table, [guardTrigger, ...Object.values(captureTriggers)])
  }
  await tx.query('delete from landbridge.unit_table where unit = $1', [unit])
}

/** The table's name as people and `to_regclass` read it: quoted only where it must be. */
export function registeredName(table: Pick<TableShape, 'name' | 'schema'>): string {
  return [table.schema, table.name]
    .filter((part) => part !== undefined)
    .map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : pg.escapeIdentifier(part)))
    .join('.')
}

/** BEFORE, so that a refused statement has changed nothing; by statement, so that it costs one check. */
function guardOf(unit: string, table: TableShape): DatabaseAct {
  return {
    id: `${registeredName(table)}:${guardTrigger}`,
    sql: `create or replace trigger ${guardTrigger}
      before insert or update or delete or truncate on ${tableName(table)}
      for each statement execute function landbridge.guard_write(${pg.escapeLiteral(unit)})`,
  }
}

/** One trigger an operation: transition tables are allowed for one event only. */
function captureOf(unit: string, collection: string, table: TableShape): DatabaseAct[] {
  const element = table.element === undefined ? [] : [table.element.path, table.element.column]
  const kind = table.kind === 'root' ? 'parent' : 'child'
  const arguments_ = [unit, collection, entityColumn(table), kind, ...element]
    .map((argument) => pg.escapeLiteral(argument))
    .join(', ')
  const transition = {
    insert: 'new table as new_rows',
    update: 'old table as old_rows new table as new_rows',
    delete: 'old table as old_rows',
  }
  return (['insert', 'update', 'delete'] as const).map((operation) => ({
    id: `${registeredName(table)}:${captureTriggers[operation]}`,
    sql: `create or replace trigger ${captureTriggers[operation]}
      after ${operation} on ${tableName(table)} referencing ${transition[operation]}
      for each statement execute function landbridge.capture_change(${arguments_})`,
  }))
}

async function registerTable(
  tx: ClientBase,
  unit: string,
  collection: string,
  table: TableShape,
): Promise<void> {
  await tx.query(
    `insert into landbridge.unit_table (table_name, unit, collection, entity_column, is_root)
     values ($1, $2, $3, $4, $5)
     on conflict (table_name) do update set unit = excluded.unit, collection = excluded.collection,
       entity_column = excluded.entity_column, is_root = excluded.is_root`,
    [registeredName(table), unit, collection, entityColumn(table), table.kind === 'root'],
  )
}

async function dropTablesThatLeft(tx: ClientBase, unit: UnitConfig): Promise<void> {
  const present = new Set(unit.mappings.flatMap((mapping) => mapping.tables).map(registeredName))
  for (const table of await registeredTables(tx, unit.name)) {
    if (present.has(table)) continue
    await dropTriggers(tx, table, [guardTrigger, ...Object.values(captureTriggers)])
    await tx.query('delete from landbridge.unit_table where table_name = $1', [table])
  }
}

async function registeredTables(client: ClientBase | pg.Pool, unit: string): Promise<string[]> {
  const { rows } = await client.query(
    'select table_name from landbridge.unit_table where unit = $1 order by table_name',
    [unit],
  )
  return rows.map((row) => row.table_name)
}

/** A table that is gone has no triggers to lose. */
async function dropTriggers(tx: ClientBase, table: string, triggers: readonly string[]): Promise<void> {
  for (const trigger of triggers) await tx.query(`drop trigger if exists ${trigger} on ${table}`)
}
