/*
 * The ids that hold no UUID of their own: `_id`s that are no ObjectIds, and rows that already carry foreign UUIDs.
 * Table `landbridge.id_map`, with an LRU of 10,000 entries in each direction before it. Entries never change, so a
 * cached one is never stale; misses of one tick are asked for in one query.
 */
import { ObjectId } from 'bson'
import { LRUCache } from 'lru-cache'
import type { Pool, PoolClient } from 'pg'
import { canonicalText } from '../mapping/canonical-form.ts'
import { batched } from './batched.ts'
import { IdentityError } from './identity-error.ts'
import { legacyIdFromBytes, legacyIdToBytes } from './legacy-id-bytes.ts'
import { uuidFromObjectId } from './object-id-uuid.ts'

export interface IdMap {
  /** The uuid of a legacy id; one that was never seen gets a new uuid. */
  resolveUuid(collection: string, legacyId: unknown): Promise<string>
  /** The same for many, in order. */
  resolveUuids(collection: string, legacyIds: readonly unknown[]): Promise<string[]>
  /** The legacy id of a uuid. Throws `identity-unknown-id`. */
  resolveLegacyId(collection: string, uuid: string): Promise<unknown>
  /** Records a pair that exists already, in the caller's transaction if given one. Throws `identity-taken`. */
  register(collection: string, legacyId: unknown, uuid: string, tx?: PoolClient): Promise<void>
  /** Reads the newest pairs of these collections into the cache, at start. Answers how many. */
  warm(collections: readonly string[]): Promise<number>
}

interface Pair {
  legacy_id: Buffer
  id: string
}

export function createIdMap(pool: Pool, options: { capacity?: number } = {}): IdMap {
  const capacity = options.capacity ?? 10_000
  const uuids = new LRUCache<string, string>({ max: capacity })
  const legacyIds = new LRUCache<string, Buffer>({ max: capacity })

  const remember = (collection: string, pairs: readonly Pair[]) => {
    for (const { legacy_id, id } of pairs) {
      uuids.set(keyOf(collection, legacy_id), id)
      legacyIds.set(`${collection} ${id}`, legacy_id)
    }
  }

  const missingUuid = batched(async (collection: string, hexes: string[]) => {
    const pairs = await findOrCreate(
      pool,
      collection,
      hexes.map((hex) => Buffer.from(hex, 'hex')),
    )
    remember(collection, pairs)
    return new Map(pairs.map((pair) => [pair.legacy_id.toString('hex'), pair.id]))
  })

  const missingLegacyId = batched(async (collection: string, ids: string[]) => {
    const pairs = await findByUuid(pool, collection, ids)
    remember(collection, pairs)
    return new Map(pairs.map((pair) => [pair.id, pair.legacy_id]))
  })

  const resolveUuid = async (collection: string, legacyId: unknown): Promise<string> => {
    const bytes = legacyIdToBytes(legacyId)
    const found =
      uuids.get(keyOf(collection, bytes)) ?? (await missingUuid(collection, bytes.toString('hex')))
    if (found === undefined) throw unknownId(collection, canonicalText(legacyId))
    return found
  }

  return {
    resolveUuid,
    resolveUuids: (collection, ids) => Promise.all(ids.map((id) => resolveUuid(collection, id))),
    async resolveLegacyId(collection, uuid) {
      const id = uuid.toLowerCase()
      const bytes = legacyIds.get(`${collection} ${id}`) ?? (await missingLegacyId(collection, id))
      if (bytes === undefined) throw unknownId(collection, uuid)
      return legacyIdFromBytes(bytes)
    },
    // Not remembered: the caller's transaction may still roll back.
    register: (collection, legacyId, uuid, tx) =>
      insertPair(tx ?? pool, collection, legacyId, uuid.toLowerCase()),
    async warm(collections) {
      let count = 0
      for (const collection of collections) {
        const pairs = await newestPairs(pool, collection, Math.ceil(capacity / collections.length))
        remember(collection, pairs)
        count += pairs.length
      }
      return count
    },
  }
}

function keyOf(collection: string, legacyId: Buffer): string {
  return `${collection} ${legacyId.toString('base64')}`
}

function unknownId(collection: string, id: string): IdentityError {
  return new IdentityError('identity-unknown-id', `id_map holds no ${id} of collection "${collection}"`)
}

/** The pairs of these legacy ids; what is missing is created. Two nodes may create at once: the first one's stays. */
async function findOrCreate(pool: Pool, collection: string, legacyIds: Buffer[]): Promise<Pair[]> {
  const known = await findByLegacyId(pool, collection, legacyIds)
  if (known.length === legacyIds.length) return known
  const seen = new Set(known.map((pair) => pair.legacy_id.toString('hex')))
  // In one order on every node, so that two that insert the same ids cannot wait for each other in a circle.
  const missing = legacyIds.filter((id) => !seen.has(id.toString('hex'))).sort(Buffer.compare)
  await pool.query(
    `insert into landbridge.id_map (collection, legacy_id, legacy_text, id)
     select $1, fresh.legacy_id, fresh.legacy_text, fresh.id
     from unnest($2::bytea[], $3::text[], $4::uuid[]) as fresh (legacy_id, legacy_text, id)
     on conflict (collection, legacy_id) do nothing`,
    [collection, missing, missing.map(textOf), missing.map(() => uuidFromObjectId(new ObjectId()))],
  )
  return [...known, ...(await findByLegacyId(pool, collection, missing))]
}

async function findByLegacyId(pool: Pool, collection: string, legacyIds: Buffer[]): Promise<Pair[]> {
  const { rows } = await pool.query<Pair>(
    'select legacy_id, id from landbridge.id_map where collection = $1 and legacy_id = any($2::bytea[])',
    [collection, legacyIds],
  )
  return rows
}

async function findByUuid(pool: Pool, collection: string, ids: string[]): Promise<Pair[]> {
  const { rows } = await pool.query<Pair>(
    'select legacy_id, id from landbridge.id_map where collection = $1 and id = any($2::uuid[])',
    [collection, ids],
  )
  return rows
}

async function newestPairs(pool: Pool, collection: string, limit: number): Promise<Pair[]> {
  // Derived uuids sort by time, so the greatest are the newest.
  const { rows } = await pool.query<Pair>(
    'select legacy_id, id from landbridge.id_map where collection = $1 order by id desc limit $2',
    [collection, limit],
  )
  return rows
}

async function insertPair(
  db: Pool | PoolClient,
  collection: string,
  legacyId: unknown,
  uuid: string,
): Promise<void> {
  const bytes = legacyIdToBytes(legacyId)
  const { rowCount } = await db.query(
    `insert into landbridge.id_map (collection, legacy_id, legacy_text, id) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [collection, bytes, textOf(bytes), uuid],
  )
  if (rowCount === 1) return
  const { rows } = await db.query<Pair>(
    'select legacy_id, id from landbridge.id_map where collection = $1 and (legacy_id = $2 or id = $3)',
    [collection, bytes, uuid],
  )
  if (rows.length === 1 && rows[0]?.id === uuid && rows[0].legacy_id.equals(bytes)) return
  throw new IdentityError(
    'identity-taken',
    `id_map pairs ${textOf(bytes)} or ${uuid} of "${collection}" otherwise`,
  )
}

/** For people who look into the table. */
function textOf(bytes: Buffer): string {
  const legacyId = legacyIdFromBytes(bytes)
  return typeof legacyId === 'string' && !legacyId.includes('\0') ? legacyId : canonicalText(legacyId)
}
