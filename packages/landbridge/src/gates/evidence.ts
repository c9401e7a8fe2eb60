import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'

export interface Evidence {
  unit: string
  gate: number
  epoch: bigint
  build: string | null
  value: Record<string, unknown>
}

const evidenceSchema = z.object({
  epoch: z.coerce.bigint(),
  build: z.string().nullable(),
  value: z.record(z.string(), z.unknown()),
  at: z.date(),
})

export type StoredEvidence = z.infer<typeof evidenceSchema>

export async function recordEvidence(client: Pool | ClientBase, evidence: Evidence): Promise<void> {
  await client.query(
    'insert into landbridge.evidence (unit, gate, epoch, build, value) values ($1, $2, $3, $4, $5)',
    [evidence.unit, evidence.gate, evidence.epoch, evidence.build, JSON.stringify(evidence.value)],
  )
}

/** The newest evidence of a gate from that epoch on. */
export async function latestEvidence(
  client: Pool | ClientBase,
  unit: string,
  gate: number,
  sinceEpoch: bigint,
): Promise<StoredEvidence | null> {
  const { rows } = await client.query(
    `select epoch, build, value, at from landbridge.evidence
     where unit = $1 and gate = $2 and epoch >= $3 order by at desc, id desc limit 1`,
    [unit, gate, sinceEpoch],
  )
  return rows.length === 0 ? null : evidenceSchema.parse(rows[0])
}
