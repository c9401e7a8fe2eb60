import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import { attachUnit, triggersFor } from '../capture/triggers.ts'
import type { UnitConfig } from '../config.ts'

/**
 * Registers the units and puts their guard and capture triggers on, for those whose tables or triggers are not as
 * this configuration wants them. Creating a trigger locks its table, so what is right already is left alone.
 * Answers the names of the units that were attached.
 */
export async function attachUnits(tx: ClientBase, units: readonly UnitConfig[]): Promise<string[]> {
  const attached: string[] = []
  for (const unit of units) {
    if (await isAttached(tx, unit)) continue
    await attachUnit(tx, unit)
    await tx.query(
      `insert into landbridge.attached_unit (unit, triggers_hash) values ($1, $2)
       on conflict (unit) do update set triggers_hash = excluded.triggers_hash, attached_at = now()`,
      [unit.name, triggersHash(unit)],
    )
    attached.push(unit.name)
  }
  return attached
}

/** Attached with the same triggers, and none of them was lost since (a table dropped and created again has none). */
export async function isAttached(client: ClientBase, unit: UnitConfig): Promise<boolean> {
  const { rows } = await client.query(
    `select u.phase, a.triggers_hash as hash,
       (select count(*)::int from landbridge.unit_table t join pg_trigger g on g.tgrelid = to_regclass(t.table_name)
         where t.unit = u.name and not g.tgisinternal and g.tgname like 'landbridge%') as found
     from landbridge.unit u left join landbridge.attached_unit a on a.unit = u.name where u.name = $1`,
    [unit.name],
  )
  const row = rows[0]
  if (row === undefined) return false
  // Capture triggers end with the way back; the guard stays until `finish`.
  if (row.phase === 'retired') return true
  return row.hash === triggersHash(unit) && row.found === triggersFor(unit.name, unit.mappings).length
}

function triggersHash(unit: UnitConfig): string {
  const text = triggersFor(unit.name, unit.mappings)
    .map((trigger) => `${trigger.id}\n${trigger.sql}`)
    .join('\n')
  return createHash('sha256').update(text).digest('hex')
}
