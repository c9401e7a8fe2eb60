import type { PoolClient } from 'pg'
import { legacyIdFromBytes } from '../identity/legacy-id-bytes.ts'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { objectIdHex } from '../mapping/bson-value.ts'
import type { Mapping } from '../mapping/types.ts'
import { childrenDeepestFirst } from '../target/entities.ts'
import { identifier, tableName } from '../target/identifier.ts'
import type { RowFilter } from '../target/ignored-columns.ts'
import { entityColumn } from '../target/rows.ts'
import { type ChunkBounds, isInBounds } from './chunk-bounds.ts'

/**
 * The rows of a range, as SQL; undefined where no row can lie in it (an `_id` that is no ObjectId has a uuid only if
 * the mapping uses `id_map`).
 */
export async function rangeFilter(
  tx: PoolClient,
  mapping: Mapping,
  bounds: ChunkBounds,
): Promise<RowFilter | undefined> {
  if (mapping.identity === 'id-map') return mappedIdsFilter(tx, mapping, bounds)
  if (bounds.bracket !== 'objectId') return undefined
  // UUIDs that hold ObjectIds sort as these do, so a range of ids is a range of uuids.
  const lower = bounds.lower === undefined ? undefined : uuidFromObjectId(objectIdHex(bounds.lower))
  const upper = bounds.upper === undefined ? undefined : uuidFromObjectId(objectIdHex(bounds.upper))
  return (table) => rangeCondition(entityColumn(table), lower, upper)
}

/** Collections with other ids are small (settings, counters): their range is a list of uuids. */
async function mappedIdsFilter(tx: PoolClient, mapping: Mapping, bounds: ChunkBounds): Promise<RowFilter> {
  const { rows } = await tx.query<{ legacyId: Buffer; id: string }>(
    'select legacy_id as "legacyId", id from landbridge.id_map where collection = $1',
    [mapping.collection],
  )
  const ids = rows.filter((row) => isInBounds(legacyIdFromBytes(row.legacyId), bounds)).map((row) => row.id)
  return (table) => ({ where: `${identifier(entityColumn(table))} = any($1::uuid[])`, values: [ids] })
}

function rangeCondition(
  column: string,
  lower: string | undefined,
  upper: string | undefined,
): { where: string; values: unknown[] } {
  const values: unknown[] = []
  const parts: string[] = []
  if (lower !== undefined) parts.push(`${identifier(column)} >= $${values.push(lower)}`)
  if (upper !== undefined) parts.push(`${identifier(column)} < $${values.push(upper)}`)
  return { where: parts.length === 0 ? 'true' : parts.join(' and '), values }
}

/**
 * The same with its ids in the text, for what takes no parameters: COPY, and several statements in one message. The
 * values are uuids, which this checks.
 */
export function inlineIds({ where, values }: ReturnType<RowFilter>): string {
  return where.replace(/\$(\d+)/g, (_, place: string) => {
    const value = values[Number(place) - 1]
    const ids = Array.isArray(value) ? (value as unknown[]) : [value]
    if (!ids.every((id) => typeof id === 'string' && UUID.test(id)))
      throw new TypeError('a range of rows is bounded by uuids')
    return Array.isArray(value) ? `'{${ids.join(',')}}'` : `'${value}'`
  })
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Statements that delete the rows of a range, deepest children first: cascades do not fire under replica role. */
export function deletesOfRange(mapping: Mapping, filter: RowFilter): string[] {
  return [...childrenDeepestFirst(mapping), mapping.table].map(
    (table) => `delete from ${tableName(table)} where ${inlineIds(filter(table))}`,
  )
}

/** Ids of the entities in a range. */
export async function idsInRange(tx: PoolClient, mapping: Mapping, filter: RowFilter): Promise<string[]> {
  const { where, values } = filter(mapping.table)
  const { rows } = await tx.query<{ id: string }>(
    `select id from ${tableName(mapping.table)} where ${where} order by id`,
    values,
  )
  return rows.map((row) => row.id)
}
