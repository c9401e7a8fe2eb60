import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { idFromBytes } from '../source/id-key.ts'

/** Why a mirror is not confirmed. */
export type GapCode =
  /** Another transaction held the entity's lock. */
  | 'busy'
  /** The entity lies in a chunk that is being copied. */
  | 'chunk'
  /** Its unique value is still held by another entity. */
  | 'unique'
  /** MongoDB could not be read. */
  | 'source'
  /** Postgres refused or was lost in the middle. */
  | 'target'
  /** The code that mirrors threw: a defect. */
  | 'code'
  /** MongoDB refuses the document (a unique value): its outbox rows stay. */
  | 'refused'
  /** The document has passed the 16 MB that MongoDB takes: its outbox rows stay, the unit cannot go back with it. */
  | 'too-large-for-mongo'

export interface GapNote {
  unit: string
  collection: string
  /** BSON of `{ v: _id }`. */
  legacyId: Buffer
  code: GapCode
  detail?: string
  /** A try at closing the gap has failed: the next one waits longer. A fresh write makes it due at once. */
  failedAttempt?: boolean
}

export interface Gap {
  unit: string
  collection: string
  legacyId: Buffer
  rawId: unknown
  version: bigint
  code: string
  attempts: number
  firstAt: Date
}

const gapSchema = z.object({
  unit: z.string(),
  collection: z.string(),
  legacyId: z.instanceof(Buffer),
  version: z.coerce.bigint(),
  code: z.string(),
  attempts: z.number(),
  firstAt: z.date(),
})

/**
 * Notes gaps. A gap that is there already always gets a new version: reconcile deletes only the version that it
 * read before it read the source, so a write that comes in between keeps its gap (A5).
 */
export async function noteGaps(client: Pool | ClientBase, gaps: readonly GapNote[]): Promise<void> {
  if (gaps.length === 0) return
  // Sorted, so that two transactions that note the same gaps cannot wait for each other.
  const sorted = [...gaps].sort((a, b) => Buffer.compare(a.legacyId, b.legacyId))
  await client.query(
    `insert into landbridge.pg_dualwrite_gaps as gap (unit, collection, legacy_id, code, detail, attempts)
     select note.unit, note.collection, note.legacy_id, note.code, note.detail, note.failed::int
     from unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::boolean[])
       as note (unit, collection, legacy_id, code, detail, failed)
     on conflict (collection, legacy_id) do update set
       version = nextval('landbridge.gap_version'),
       code = excluded.code,
       detail = excluded.detail,
       attempts = gap.attempts + excluded.attempts,
       last_at = now(),
       next_attempt_at = case when excluded.attempts = 0 then now()
         else now() + least(interval '5 minutes', interval '1 second' * 2 ^ least(gap.attempts, 10)) end`,
    [
      sorted.map((gap) => gap.unit),
      sorted.map((gap) => gap.collection),
      sorted.map((gap) => gap.legacyId),
      sorted.map((gap) => gap.code),
      sorted.map((gap) => gap.detail ?? null),
      sorted.map((gap) => gap.failedAttempt === true),
    ],
  )
}

export async function noteGap(client: Pool | ClientBase, gap: GapNote): Promise<void> {
  await noteGaps(client, [gap])
}

/** Gaps whose next attempt is due, the oldest first; all of them with `dueOnly: false`. */
export async function dueGaps(
  client: Pool | ClientBase,
  options: { unit?: string; limit: number; dueOnly?: boolean },
): Promise<Gap[]> {
  const { rows } = await client.query(
    `select unit, collection, legacy_id as "legacyId", version, code, attempts, first_at as "firstAt"
     from landbridge.pg_dualwrite_gaps
     where ($1::text is null or unit = $1) and (not $3 or next_attempt_at <= now())
     order by next_attempt_at, first_at, collection, legacy_id limit $2`,
    [options.unit ?? null, options.limit, options.dueOnly ?? true],
  )
  return rows.map((row) => {
    const gap = gapSchema.parse(row)
    return { ...gap, rawId: idFromBytes(gap.legacyId) }
  })
}

/** Deletes a gap only in the version that was read; answers whether it was there. */
export async function clearGap(
  client: Pool | ClientBase,
  collection: string,
  legacyId: Buffer,
  version: bigint,
): Promise<boolean> {
  const result = await client.query(
    'delete from landbridge.pg_dualwrite_gaps where collection = $1 and legacy_id = $2 and version = $3',
    [collection, legacyId, version],
  )
  return result.rowCount === 1
}

const countSchema = z.object({
  unit: z.string(),
  open: z.coerce.number(),
  oldestMs: z.coerce.number(),
  attempts: z.coerce.number(),
})
export type GapCount = z.infer<typeof countSchema>

/** Open gaps of each unit that has any, the age of its oldest one and the most attempts that one has seen. */
export async function countGaps(client: Pool | ClientBase, unit?: string): Promise<GapCount[]> {
  const { rows } = await client.query(
    `select unit, count(*) as open, max(attempts) as attempts,
       greatest(0, extract(epoch from now() - min(first_at)) * 1000) as "oldestMs"
     from landbridge.pg_dualwrite_gaps where $1::text is null or unit = $1 group by unit order by unit`,
    [unit ?? null],
  )
  return rows.map((row) => countSchema.parse(row))
}
