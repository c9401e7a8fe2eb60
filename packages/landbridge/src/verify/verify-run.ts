import { randomUUID } from 'node:crypto'
import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { boundFromBytes, boundToBytes } from '../backfill/chunk-bounds.ts'
import type { Mapping } from '../mapping/types.ts'

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

/** The unfinished run over everything of this epoch. */
export async function findOpenRun(
  client: Pool | ClientBase,
  collection: string,
  epoch: bigint,
): Promise<VerifyRun | undefined> {
  const { rows } = await client.query(
    `select id, resume_after as "resumeAfter", compared, watermark,
       started_at as "startedAt" from landbridge.verify_run
     where collection = $1 and epoch = $2 and kind = 'full' and finished_at is null and watermark is not null
     order by started_at desc limit 1`,
    [collection, epoch],
  )
  if (rows[0] === undefined) return undefined
  const run = rowSchema.parse(rows[0])
  return { ...run, resumeAfter: boundFromBytes(run.resumeAfter) }
}

/** Where both stores stood before a run read anything. */
export interface RunStart {
  watermark: bigint
  /** See `readTransactionHorizon`. */
  horizon: bigint
}

export async function startRun(
  client: Pool | ClientBase,
  run: RunStart & { mapping: Mapping; epoch: bigint; kind: 'full' | 'changes' },
): Promise<VerifyRun> {
  const { unit, collection, schemaHash } = run.mapping
  const id = randomUUID()
  await client.query('delete from landbridge.verify_run where collection = $1 and finished_at is null', [
    collection,
  ])
  const { rows } = await client.query<{ startedAt: Date }>(
    `insert into landbridge.verify_run (id, unit, collection, epoch, watermark, kind, postgres_xid, schema_hash)
     values ($1, $2, $3, $4, $5, $6, $7::text::xid8, $8) returning started_at as "startedAt"`,
    [id, unit, collection, run.epoch, run.watermark, run.kind, String(run.horizon), schemaHash],
  )
  return {
    id,
    resumeAfter: undefined,
    compared: 0,
    startedAt: rows[0]?.startedAt ?? new Date(),
    watermark: run.watermark,
  }
}

const baseSchema = z.object({ watermark: z.coerce.bigint(), horizon: z.coerce.bigint() })

/**
 * The newest finished run of a collection, by this very mapping: what it has compared need not be compared again. The
 * phase does not matter, because changes are followed in both stores whoever is the authority.
 */
export async function findBase(client: Pool | ClientBase, mapping: Mapping): Promise<RunStart | undefined> {
  const { rows } = await client.query(
    `select watermark, postgres_xid::text as horizon, schema_hash as "schemaHash" from landbridge.verify_run
     where collection = $1 and finished_at is not null and watermark is not null and postgres_xid is not null
     order by started_at desc limit 1`,
    [mapping.collection],
  )
  return rows[0]?.schemaHash === mapping.schemaHash ? baseSchema.parse(rows[0]) : undefined
}

/** When everything of a collection was compared last; undefined before the first time. */
export async function lastFullRun(
  client: Pool | ClientBase,
  collection: string,
  epoch: bigint,
): Promise<Date | undefined> {
  const { rows } = await client.query<{ at: Date | null }>(
    `select max(finished_at) as at from landbridge.verify_run
     where collection = $1 and epoch = $2 and kind = 'full'`,
    [collection, epoch],
  )
  return rows[0]?.at ?? undefined
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

/** Takes back the newest finished run of a collection: it has proved nothing. */
export async function forgetFinishedRun(client: Pool | ClientBase, collection: string): Promise<void> {
  await client.query(
    `delete from landbridge.verify_run where id = (
       select id from landbridge.verify_run where collection = $1 and finished_at is not null
       order by started_at desc limit 1)`,
    [collection],
  )
}
