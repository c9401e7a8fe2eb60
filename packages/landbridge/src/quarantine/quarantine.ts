import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { errorCodes, LandbridgeError } from '../errors.ts'
import type { Refusal } from '../mirror/source-state.ts'
import { idFromBytes } from '../source/id-key.ts'
import { signatureSql } from './signature.ts'

/** A document that cannot be mapped exactly, with the place and the reason. */
export interface QuarantineEntry {
  unit: string
  collection: string
  legacyId: Buffer
  raw: Buffer
  path: string
  code: string
  reason: string
  valueType: string
  epoch: bigint
}

const storedSchema = z.object({
  unit: z.string(),
  collection: z.string(),
  legacyId: z.instanceof(Buffer),
  path: z.string(),
  code: z.string(),
  reason: z.string(),
  valueType: z.string(),
  firstAt: z.date(),
  lastAt: z.date(),
  bytes: z.coerce.number(),
  acceptedBy: z.string().nullable(),
  acceptedReason: z.string().nullable(),
  signature: z.string(),
})
export type QuarantinedDocument = z.infer<typeof storedSchema> & { rawId: unknown }

const columns = `unit, collection, legacy_id as "legacyId", path, code, reason, value_type as "valueType",
  first_at as "firstAt", last_at as "lastAt", octet_length(raw) as bytes,
  accepted_by as "acceptedBy", accepted_reason as "acceptedReason", ${signatureSql.signature} as signature`

/**
 * Puts documents in quarantine, or renews what is there. An acceptance covers the bytes that were looked at: a
 * document that has changed since needs a new one.
 */
export async function putInQuarantine(
  client: ClientBase,
  entries: readonly QuarantineEntry[],
): Promise<void> {
  for (const entry of entries) {
    await client.query(
      `insert into landbridge.quarantine as q
         (unit, collection, legacy_id, raw, path, code, reason, value_type, epoch)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (collection, legacy_id) do update set
         raw = excluded.raw, path = excluded.path, code = excluded.code, reason = excluded.reason,
         value_type = excluded.value_type, epoch = excluded.epoch, last_at = now(),
         accepted_by = case when q.raw = excluded.raw then q.accepted_by end,
         accepted_reason = case when q.raw = excluded.raw then q.accepted_reason end,
         accepted_at = case when q.raw = excluded.raw then q.accepted_at end`,
      [
        entry.unit,
        entry.collection,
        entry.legacyId,
        entry.raw,
        entry.path,
        entry.code,
        entry.reason,
        entry.valueType,
        entry.epoch,
      ],
    )
  }
}

/** Takes documents out of quarantine; belongs into the transaction that mirrored or deleted them. */
export async function takeOutOfQuarantine(
  client: ClientBase,
  collection: string,
  legacyIds: readonly Buffer[],
): Promise<void> {
  if (legacyIds.length === 0) return
  await client.query(
    'delete from landbridge.quarantine where collection = $1 and legacy_id = any($2::bytea[])',
    [collection, legacyIds],
  )
}

/** Which of these stand in quarantine. */
export async function quarantinedAmong(
  client: Pool | ClientBase,
  collection: string,
  legacyIds: readonly Buffer[],
): Promise<Buffer[]> {
  if (legacyIds.length === 0) return []
  const { rows } = await client.query<{ legacyId: Buffer }>(
    `select legacy_id as "legacyId" from landbridge.quarantine
     where collection = $1 and legacy_id = any($2::bytea[])`,
    [collection, legacyIds],
  )
  return rows.map((row) => row.legacyId)
}

/** All ids of a collection that stand in quarantine. */
export async function quarantinedIds(client: Pool | ClientBase, collection: string): Promise<Buffer[]> {
  const { rows } = await client.query<{ legacyId: Buffer }>(
    'select legacy_id as "legacyId" from landbridge.quarantine where collection = $1 order by legacy_id',
    [collection],
  )
  return rows.map((row) => row.legacyId)
}

export interface QuarantineFilter {
  unit?: string
  collection?: string
  /** Only those that nobody has accepted. */
  unresolvedOnly?: boolean
  /** Only those that wait for this reason. */
  signature?: string
  limit?: number
}

/** What stands in quarantine, without the bytes. */
export async function listQuarantine(
  client: Pool | ClientBase,
  filter: QuarantineFilter = {},
): Promise<QuarantinedDocument[]> {
  const { rows } = await client.query(
    `select ${columns} from landbridge.quarantine
     where ($1::text is null or unit = $1) and ($2::text is null or collection = $2)
       and (not $3 or accepted_by is null) and ($5::text is null or ${signatureSql.signature} = $5)
     order by unit, collection, first_at, legacy_id limit $4`,
    [
      filter.unit ?? null,
      filter.collection ?? null,
      filter.unresolvedOnly ?? false,
      filter.limit ?? 1_000,
      filter.signature ?? null,
    ],
  )
  return rows.map((row) => {
    const stored = storedSchema.parse(row)
    return { ...stored, rawId: idFromBytes(stored.legacyId) }
  })
}

/** A quarantined document with its bytes. */
export interface RawQuarantined {
  document: QuarantinedDocument
  raw: Buffer
}

const PAGE = 20

/** All that the filter chooses, with their bytes, by collection and id. Few are held at a time: one may have 16 MB. */
export async function* readQuarantined(
  client: Pool | ClientBase,
  filter: Omit<QuarantineFilter, 'limit'> = {},
): AsyncGenerator<RawQuarantined> {
  let after: Pick<QuarantinedDocument, 'collection' | 'legacyId'> = {
    collection: '',
    legacyId: Buffer.alloc(0),
  }
  for (;;) {
    const { rows } = await client.query(
      `select ${columns}, raw from landbridge.quarantine
       where (collection, legacy_id) > ($1, $2) and ($3::text is null or unit = $3)
         and ($4::text is null or collection = $4) and (not $5 or accepted_by is null)
         and ($6::text is null or ${signatureSql.signature} = $6)
       order by collection, legacy_id limit $7`,
      [
        after.collection,
        after.legacyId,
        filter.unit ?? null,
        filter.collection ?? null,
        filter.unresolvedOnly ?? false,
        filter.signature ?? null,
        PAGE,
      ],
    )
    for (const row of rows) {
      const stored = storedSchema.parse(row)
      after = { collection: stored.collection, legacyId: stored.legacyId }
      yield {
        document: { ...stored, rawId: idFromBytes(stored.legacyId) },
        raw: z.instanceof(Buffer).parse(row.raw),
      }
    }
    if (rows.length < PAGE) return
  }
}

/** Why these wait now, by the hex of their `legacyId`. */
export async function readRefusals(
  client: Pool | ClientBase,
  collection: string,
  legacyIds: readonly Buffer[],
): Promise<Map<string, Refusal>> {
  const { rows } = await client.query<Refusal & { legacyId: Buffer }>(
    `select legacy_id as "legacyId", path, code, reason, value_type as "valueType"
     from landbridge.quarantine where collection = $1 and legacy_id = any($2::bytea[])`,
    [collection, legacyIds],
  )
  return new Map(rows.map(({ legacyId, ...refusal }) => [legacyId.toString('hex'), refusal]))
}

/** The whole document as it came. */
export async function readQuarantinedRaw(
  client: Pool | ClientBase,
  collection: string,
  legacyId: Buffer,
): Promise<Buffer | undefined> {
  const { rows } = await client.query<{ raw: Buffer }>(
    'select raw from landbridge.quarantine where collection = $1 and legacy_id = $2',
    [collection, legacyId],
  )
  return rows[0]?.raw
}

/** How many stand in quarantine for a unit, and how many of them nobody has accepted. */
export async function countQuarantine(
  client: Pool | ClientBase,
  unit: string,
): Promise<{ total: number; unresolved: number }> {
  const { rows } = await client.query(
    `select count(*) as total, count(*) filter (where accepted_by is null) as unresolved
     from landbridge.quarantine where unit = $1`,
    [unit],
  )
  return z.object({ total: z.coerce.number(), unresolved: z.coerce.number() }).parse(rows[0])
}

/** Accepts by name and with a reason that a document stays behind; its bytes are kept. */
export async function acceptQuarantined(
  client: Pool | ClientBase,
  document: { collection: string; legacyId: Buffer },
  acceptance: { by: string; reason: string },
): Promise<void> {
  if (acceptance.by.trim() === '' || acceptance.reason.trim() === '') {
    throw new LandbridgeError(errorCodes.usage, 'accepting a quarantined document needs a name and a reason')
  }
  const result = await client.query(
    `update landbridge.quarantine set accepted_by = $3, accepted_reason = $4, accepted_at = now()
     where collection = $1 and legacy_id = $2`,
    [document.collection, document.legacyId, acceptance.by, acceptance.reason],
  )
  if (result.rowCount === 0) {
    throw new LandbridgeError(
      errorCodes.unknownName,
      `no such document of "${document.collection}" stands in quarantine; list them with: landbridge quarantine`,
    )
  }
}
