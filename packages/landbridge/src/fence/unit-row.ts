import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { phases } from '../phase.ts'

const unitRowSchema = z.object({
  name: z.string(),
  phase: z.enum(phases),
  epoch: z.coerce.bigint(),
  status: z.enum(['open', 'announced', 'fenced']),
  fenceId: z.string().nullable(),
  fenceTarget: z.enum(phases).nullable(),
  fenceNode: z.string().nullable(),
  fenceDeadline: z.date().nullable(),
  entered: z.record(z.string(), z.object({ epoch: z.coerce.bigint(), at: z.coerce.date() })),
})

/** The row of `landbridge.unit`: it alone decides who is the authority. */
export type UnitRow = z.infer<typeof unitRowSchema>

const columns = `name, phase, epoch, status, fence_id as "fenceId", fence_target as "fenceTarget",
  fence_node as "fenceNode", fence_deadline as "fenceDeadline", entered`

/** Reads a unit's row without any lock: good for display and for routing, never for deciding to write. */
export async function readUnitRow(client: Pool | ClientBase, unit: string): Promise<UnitRow> {
  const { rows } = await client.query(`select ${columns} from landbridge.unit where name = $1`, [unit])
  return parseRow(rows[0], unit)
}

/** The statement behind `readUnitRows`, for connections that are no pool's. */
export const unitRowsQuery = `select ${columns} from landbridge.unit order by name`

export async function readUnitRows(client: Pool | ClientBase): Promise<UnitRow[]> {
  const { rows } = await client.query(unitRowsQuery)
  return parseUnitRows(rows)
}

export function parseUnitRows(rows: readonly unknown[]): UnitRow[] {
  return rows.map((row) => unitRowSchema.parse(row))
}

/**
 * Takes the unit's advisory lock shared FIRST and then reads its row FOR SHARE, in two statements: one statement
 * would read the row as it was before the lock was granted, and FOR SHARE alone starves the fence (A8). The unit
 * cannot change its phase until the caller's transaction ends.
 */
export async function lockUnitShared(tx: ClientBase, unit: string): Promise<UnitRow> {
  await tx.query('select pg_advisory_xact_lock_shared(landbridge.unit_lock_key($1))', [unit])
  const { rows } = await tx.query(`select ${columns} from landbridge.unit where name = $1 for share`, [unit])
  return parseRow(rows[0], unit)
}

function parseRow(row: unknown, unit: string): UnitRow {
  if (row === undefined) {
    throw new LandbridgeError(
      errorCodes.unknownName,
      `unit "${unit}" is not registered in this database; run any landbridge verb with the application's config once`,
    )
  }
  return unitRowSchema.parse(row)
}
