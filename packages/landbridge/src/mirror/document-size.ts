import { calculateObjectSize } from 'bson'
import { MongoServerError } from 'mongodb'
import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { errorCodes, LandbridgeError } from '../errors.ts'
import type { Document } from '../mapping/types.ts'
import { idFromBytes, idToBytes } from '../source/id-key.ts'

/** The most that MongoDB takes for one document. */
export const mostBytes = 16 * 1024 * 1024
/** From here on a document is shown, so that somebody can act before it cannot go back any more. */
export const largeBytes = 12 * 1024 * 1024

/** BSONObjectTooLarge, and what updates and inserts that would make one answer. */
const tooLargeCodes = new Set<unknown>([10_334, 17_419, 17_420])

export function sizeOf(document: Document): number {
  return calculateObjectSize(document, { ignoreUndefined: false })
}

/** Throws LB_TOO_LARGE_FOR_MONGO for a document that MongoDB would refuse. */
export function refuseTooLarge(collection: string, legacyId: unknown, bytes: number): void {
  if (bytes > mostBytes) throw tooLarge(collection, legacyId, bytes)
}

export function tooLarge(
  collection: string,
  legacyId: unknown,
  bytes: number | undefined,
  cause?: unknown,
): LandbridgeError {
  return new LandbridgeError(
    errorCodes.tooLargeForMongo,
    `too large for MongoDB: document ${String(legacyId)} of ${collection} would have ${bytes === undefined ? 'more than the' : `about ${bytes} bytes, more than the`} ${mostBytes} bytes that it takes`,
    { cause, detail: { collection, id: String(legacyId), bytes } },
  )
}

export function isTooLarge(error: unknown): boolean {
  if (error instanceof LandbridgeError) return error.code === errorCodes.tooLargeForMongo
  return error instanceof MongoServerError && tooLargeCodes.has(error.code)
}

/** Notes a document that has become large, and forgets one that is so no more. */
export async function noteSize(
  client: Pool | ClientBase,
  document: { unit: string; collection: string; legacyId: unknown; isNotedLarge: boolean },
  bytes: number,
): Promise<void> {
  const key = [document.collection, idToBytes(document.legacyId)]
  if (bytes >= largeBytes) {
    await client.query(
      `insert into landbridge.large_document (collection, legacy_id, unit, bytes) values ($1, $2, $3, $4)
       on conflict (collection, legacy_id) do update set bytes = excluded.bytes, noted_at = now()`,
      [...key, document.unit, bytes],
    )
  } else if (document.isNotedLarge) {
    await client.query('delete from landbridge.large_document where collection = $1 and legacy_id = $2', key)
  }
}

const largeSchema = z.object({
  unit: z.string(),
  collection: z.string(),
  legacyId: z.instanceof(Buffer).transform((bytes) => String(idFromBytes(bytes))),
  bytes: z.coerce.number(),
})
export type LargeDocument = z.infer<typeof largeSchema>

/** Documents near the most that MongoDB takes, the largest first. */
export async function largeDocuments(client: Pool | ClientBase, unit?: string): Promise<LargeDocument[]> {
  const { rows } = await client.query(
    `select unit, collection, legacy_id as "legacyId", bytes from landbridge.large_document
     where $1::text is null or unit = $1 order by bytes desc, collection, legacy_id limit 100`,
    [unit ?? null],
  )
  return rows.map((row) => largeSchema.parse(row))
}
