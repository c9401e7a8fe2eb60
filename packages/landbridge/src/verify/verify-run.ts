import { randomUUID } from 'node:crypto'
import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { boundFromBytes, boundToBytes } from '../backfill/chunk-bounds.ts'

/** One walk over a collection, which may be interrupted and resumed. */
export interface VerifyRun {
  id: string
  resumeAfter: unknown
  compared: number
  startedAt: Date
  /** Cluster time before the first read: what was written before has been compared when the run is finished. */
  watermark: bigint
}

const rowSchema = z.object({
  id: z.string(),
  resumeAfter: z.instanceof(Buffer).nullable(),
  compared: z.coerce.number(),
  startedAt: z.date(),
  watermark: z.coerce.bigint(),
})

/** The unfinished run of this epoch. */
export async function findOpenRun(
  client: Pool | ClientBase,
  collection: string,
  epoch: bigint,
): Promise<VerifyRun | undefined> {
  const { rows } = await client.query(
    `select id, resume_after as "resumeAfter", compared, watermark,
       started_at as "startedAt" from landbridge.verify_run
     where collection = $1 and epoch = $2 and finished_at is null and watermark is not null
     order by started_at desc limit 1`,
    [collection, epoch],
  )
  if (rows[0] === undefined) return undefined
  const run = rowSchema.parse(rows[0])
  return { ...run, resumeAfter: boundFromBytes(run.resumeAfter) }
}

export async function startRun(
  client: Pool | ClientBase,
  run: { unit: string; collection: string; epoch: bigint; watermark: bigint },
): Promise<VerifyRun> {
  const id = randomUUID()
  await client.query('delete from landbridge.verify_run where collection = $1 and finished_at is null', [
    run.collection,
  ])
  const { rows } = await client.query<{ startedAt: Date }>(
    `insert into landbridge.verify_run (id, unit, collection, epoch, watermark) values ($1, $2, $3, $4, $5)
     returning started_at as "startedAt"`,
    [id, run.unit, run.collection, run.epoch, run.watermark],
  )
  return {
    id,
    resumeAfter: undefined,
    compared: 0,
    startedAt: rows[0]?.startedAt ?? new Date(),
    watermark: run.watermark,
  }
}

export async function saveRun(
  client: Pool | ClientBase,
  run: { id: string; compared: number; resumeAfter: unknown },
): Promise<void> {
  await client.query(
    'update landbridge.verify_run set compared = $2, resume_after = coalesce($3, resume_after) where id = $1',
    [run.id, run.compared, boundToBytes(run.resumeAfter)],
  )
}

export async function finishRun(client: Pool | ClientBase, id: string): Promise<void> {
  await client.query('update landbridge.verify_run set finished_at = now() where id = $1', [id])
}

/** "Verified up to": the watermark of the newest finished run of a collection; undefined before the first. */
export async function readWatermark(
  client: Pool | ClientBase,
  collection: string,
  epoch?: bigint,
): Promise<{ watermark: bigint; finishedAt: Date } | undefined> {
  const { rows } = await client.query(
    `select watermark, finished_at as "finishedAt" from landbridge.verify_run
     where collection = $1 and finished_at is not null and ($2::bigint is null or epoch = $2)
     order by started_at desc limit 1`,
    [collection, epoch ?? null],
  )
  return rows[0] === undefined
    ? undefined
    : z.object({ watermark: z.coerce.bigint(), finishedAt: z.date() }).parse(rows[0])
}
