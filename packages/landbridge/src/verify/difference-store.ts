import { createHash } from 'node:crypto'
import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { canonicalText, type Difference } from '../mapping/canonical-form.ts'
import { idFromBytes } from '../source/id-key.ts'

/** A place where both stores disagree about one entity. */
export interface StoredDifference {
  unit: string
  collection: string
  legacyId: Buffer
  kind: Difference['kind']
  path: string
  mongoValue: string | null
  postgresValue: string | null
  reported: boolean
}

/** Longer values are cut, with a hash of the whole, so that a change of any part still shows. */
const MAX_TEXT = 2_000

/** A stable text of a value for the report; null where it is missing. */
export function differenceText(value: unknown, missing: boolean): string | null {
  if (missing) return null
  const text = canonicalText(value)
  if (text.length <= MAX_TEXT) return text
  return `${text.slice(0, MAX_TEXT)}… sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** Differences of the same kind at the same place, array indexes aside, have one signature. */
export function signatureOf(difference: Pick<StoredDifference, 'collection' | 'kind' | 'path'>): string {
  const place = difference.path.replaceAll(/(^|\.)\d+(?=\.|$)/g, '$1*')
  return `${difference.collection} ${difference.kind} ${place === '' ? '(document)' : place}`
}

/** From what `differences(mongo, postgres)` found of one entity. */
export function toStored(
  entity: { unit: string; collection: string; legacyId: Buffer },
  found: readonly Difference[],
): StoredDifference[] {
  return found.map((difference) => ({
    ...entity,
    kind: difference.kind,
    path: difference.path,
    mongoValue: differenceText(difference.left, difference.kind === 'extra'),
    postgresValue: differenceText(difference.right, difference.kind === 'missing'),
    reported: false,
  }))
}

/**
 * Replaces what is known of an entity's differences. One that is the same as before keeps its age; one whose values
 * have changed starts anew, while `differing_since` stays: a hot entity must not escape by being written often (A17).
 */
export async function storeDifferences(
  client: Pool | ClientBase,
  entity: { collection: string; legacyId: Buffer },
  found: readonly StoredDifference[],
): Promise<void> {
  const since = await differingSince(client, entity)
  await client.query(
    'delete from landbridge.difference where collection = $1 and legacy_id = $2 and path <> all($3::text[])',
    [entity.collection, entity.legacyId, found.map((difference) => difference.path)],
  )
  for (const difference of found) {
    await client.query(
      `insert into landbridge.difference as old
         (collection, legacy_id, unit, kind, path, mongo_value, postgres_value, signature, reported,
          differing_since)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, now()))
       on conflict (collection, legacy_id, path) do update set
         kind = excluded.kind, mongo_value = excluded.mongo_value, postgres_value = excluded.postgres_value,
         signature = excluded.signature, last_seen = now(),
         first_seen = case when ${unchanged} then old.first_seen else now() end,
         reported = excluded.reported or (old.reported and ${unchanged})`,
      [
        difference.collection,
        difference.legacyId,
        difference.unit,
        difference.kind,
        difference.path,
        difference.mongoValue,
        difference.postgresValue,
        signatureOf(difference),
        difference.reported,
        since,
      ],
    )
  }
}

/** Since when the entity has differed at any path; null if it does not. */
async function differingSince(
  client: Pool | ClientBase,
  entity: { collection: string; legacyId: Buffer },
): Promise<Date | null> {
  const { rows } = await client.query<{ since: Date | null }>(
    'select min(differing_since) as since from landbridge.difference where collection = $1 and legacy_id = $2',
    [entity.collection, entity.legacyId],
  )
  return rows[0]?.since ?? null
}

const unchanged = `(old.kind = excluded.kind and old.mongo_value is not distinct from excluded.mongo_value
  and old.postgres_value is not distinct from excluded.postgres_value)`

const waitingSchema = z.object({
  legacyId: z.instanceof(Buffer),
  /** Youngest of its differences: all of them must be old enough. */
  ageMs: z.coerce.number(),
  differingMs: z.coerce.number(),
  reported: z.boolean(),
  lastSeen: z.date(),
})
export type DifferingEntity = z.infer<typeof waitingSchema>

/** Entities of a collection with differences, reported or not yet. */
export async function differingEntities(
  client: Pool | ClientBase,
  collection: string,
): Promise<DifferingEntity[]> {
  const { rows } = await client.query(
    `select legacy_id as "legacyId", bool_and(reported) as reported, max(last_seen) as "lastSeen",
       extract(epoch from now() - max(first_seen)) * 1000 as "ageMs",
       extract(epoch from now() - min(differing_since)) * 1000 as "differingMs"
     from landbridge.difference where collection = $1 group by legacy_id order by legacy_id`,
    [collection],
  )
  return rows.map((row) => waitingSchema.parse(row))
}

/** How many entities of a collection differ, and how many of them are reported. */
export async function countDiffering(
  client: Pool | ClientBase,
  collection: string,
): Promise<{ all: number; reported: number }> {
  const { rows } = await client.query<{ all: number; reported: number }>(
    `select count(*)::int as "all", (count(*) filter (where reported))::int as reported
     from (select bool_and(reported) as reported from landbridge.difference where collection = $1 group by legacy_id) entity`,
    [collection],
  )
  return rows[0] ?? { all: 0, reported: 0 }
}

/** Which of these entities have differences listed, as base64 of their legacy ids. */
export async function knownToDiffer(
  client: Pool | ClientBase,
  collection: string,
  legacyIds: readonly Buffer[],
): Promise<Set<string>> {
  const { rows } = await client.query<{ legacyId: Buffer }>(
    `select distinct legacy_id as "legacyId" from landbridge.difference
     where collection = $1 and legacy_id = any($2::bytea[])`,
    [collection, legacyIds],
  )
  return new Set(rows.map((row) => row.legacyId.toString('base64')))
}

/** Marks an entity's differences as reported: they are older than the grace, or were seen under its lock. */
export async function reportDifferences(
  client: Pool | ClientBase,
  collection: string,
  legacyId: Buffer,
): Promise<void> {
  await client.query(
    'update landbridge.difference set reported = true where collection = $1 and legacy_id = $2 and not reported',
    [collection, legacyId],
  )
}

const groupSchema = z.object({
  signature: z.string(),
  kind: z.enum(['missing', 'extra', 'changed', 'type', 'order']),
  entities: z.coerce.number(),
  /** The id of one of them, as people write it. */
  example: z.instanceof(Buffer).transform((bytes) => String(idFromBytes(bytes))),
  mongoValue: z.string().nullable(),
  postgresValue: z.string().nullable(),
})
export type DifferenceGroup = z.infer<typeof groupSchema>

/** Reported differences of a collection, grouped by signature, the largest group first. */
export async function reportedGroups(
  client: Pool | ClientBase,
  collection: string,
): Promise<DifferenceGroup[]> {
  const { rows } = await client.query(
    `select signature, kind, count(distinct legacy_id) as entities,
       (array_agg(legacy_id order by legacy_id))[1] as example,
       (array_agg(mongo_value order by legacy_id))[1] as "mongoValue",
       (array_agg(postgres_value order by legacy_id))[1] as "postgresValue"
     from landbridge.difference where collection = $1 and reported
     group by signature, kind order by entities desc, signature`,
    [collection],
  )
  return rows.map((row) => groupSchema.parse(row))
}
