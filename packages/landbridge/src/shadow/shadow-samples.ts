import type { Pool } from 'pg'
import { z } from 'zod'

export interface ShadowSample {
  unit: string
  method: string
  epoch: bigint
  matched: boolean
  authorityMs: number
  otherMs: number
  differences: { path: string; authority: string; other: string }[]
}

/** Keeps samples; one statement for the batch. */
export async function recordSamples(pool: Pool, samples: ShadowSample[]): Promise<void> {
  await pool.query(
    `insert into landbridge.shadow_sample (unit, method, epoch, matched, authority_ms, other_ms, detail)
     select unit, method, epoch, matched, authority_ms, other_ms, detail
     from jsonb_to_recordset($1::jsonb)
       as sample (unit text, method text, epoch bigint, matched boolean, authority_ms real, other_ms real, detail jsonb)`,
    [
      JSON.stringify(
        samples.map((sample) => ({
          unit: sample.unit,
          method: sample.method,
          epoch: String(sample.epoch),
          matched: sample.matched,
          authority_ms: sample.authorityMs,
          other_ms: sample.otherMs,
          detail: sample.differences.length === 0 ? null : sample.differences,
        })),
      ),
    ],
  )
}

const summarySchema = z.object({
  method: z.string(),
  reads: z.coerce.number(),
  mismatches: z.coerce.number(),
  authorityP95: z.number(),
  otherP95: z.number(),
  lastMismatch: z.array(z.object({ path: z.string(), authority: z.string(), other: z.string() })).nullable(),
})

/** Shadow reads of one repository method, counted. */
export type ShadowSummary = z.infer<typeof summarySchema>

/** Samples of a unit since the given epoch, by method. */
export async function summarizeSamples(
  pool: Pool,
  unit: string,
  sinceEpoch: bigint,
): Promise<ShadowSummary[]> {
  const { rows } = await pool.query(
    `select method, count(*) as reads, count(*) filter (where not matched) as mismatches,
            percentile_cont(0.95) within group (order by authority_ms) as "authorityP95",
            percentile_cont(0.95) within group (order by other_ms) as "otherP95",
            (array_agg(detail order by id desc) filter (where not matched))[1] as "lastMismatch"
     from landbridge.shadow_sample
     where unit = $1 and epoch >= $2
     group by method order by method`,
    [unit, String(sinceEpoch)],
  )
  return rows.map((row) => summarySchema.parse(row))
}
