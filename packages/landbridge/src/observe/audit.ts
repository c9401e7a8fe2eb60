import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'

export interface AuditEntry {
  /** The operator's name, or the node's where a process acts by itself. */
  actor: string
  action: string
  unit?: string
  detail?: Record<string, unknown>
}

/** Adds one row to the append-only log. Inside a transaction, pass its client: then the row tells what was committed. */
export async function writeAudit(client: Pool | ClientBase, entry: AuditEntry): Promise<void> {
  await client.query('insert into landbridge.audit (actor, action, unit, detail) values ($1, $2, $3, $4)', [
    entry.actor,
    entry.action,
    entry.unit ?? null,
    JSON.stringify(entry.detail ?? {}, plainNumbers),
  ])
}

const auditRowSchema = z.object({
  id: z.coerce.bigint(),
  at: z.date(),
  actor: z.string(),
  action: z.string(),
  unit: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
})

export type AuditRow = z.infer<typeof auditRowSchema>

/** The newest entries, oldest first. */
export async function readAudit(
  client: Pool | ClientBase,
  filter: { unit?: string; limit: number },
): Promise<AuditRow[]> {
  const { rows } = await client.query(
    `select id, at, actor, action, unit, detail from landbridge.audit
     where $1::text is null or unit = $1 order by id desc limit $2`,
    [filter.unit ?? null, filter.limit],
  )
  return rows.map((row) => auditRowSchema.parse(row)).reverse()
}

function plainNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
