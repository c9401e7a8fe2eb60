import type { ClientBase, Pool } from 'pg'

export interface Waiver {
  by: string
  reason: string
}

/** Gates of the unit that somebody has waived; they end with the unit's next step into `mongo`. */
export async function readWaivers(client: Pool | ClientBase, unit: string): Promise<Map<number, Waiver>> {
  const { rows } = await client.query(
    'select gate, waived_by as "by", reason from landbridge.waiver where unit = $1',
    [unit],
  )
  return new Map(rows.map((row) => [row.gate, { by: row.by, reason: row.reason }]))
}

export async function writeWaiver(
  client: Pool | ClientBase,
  unit: string,
  gate: number,
  waiver: Waiver,
): Promise<void> {
  await client.query(
    `insert into landbridge.waiver (unit, gate, waived_by, reason) values ($1, $2, $3, $4)
     on conflict (unit, gate) do update set waived_by = excluded.waived_by, reason = excluded.reason, at = now()`,
    [unit, gate, waiver.by, waiver.reason],
  )
}
