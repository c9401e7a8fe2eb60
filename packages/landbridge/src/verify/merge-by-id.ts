import type { Engine } from '../engine.ts'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { objectIdHex } from '../mapping/bson-value.ts'
import type { Mapping } from '../mapping/types.ts'
import { legacyIdsOf, type MirrorTarget, targetsOf } from '../mirror/mirror-target.ts'
import { idKey } from '../source/id-key.ts'
import { bracketOf, idBrackets, typeFilter } from '../source/id-order.ts'
import { readDocuments, readMatching } from '../source/read-documents.ts'
import { tableName } from '../target/identifier.ts'

/** Entities to compare, from whichever store holds them, in the order of `_id`. */
export interface MergedBatch {
  targets: MirrorTarget[]
  /** Raw documents by the target's key; what has none is absent in MongoDB. */
  raws: Map<string, Uint8Array>
  /** Where the scan goes on after an interruption; undefined in the pass over Postgres alone. */
  last: unknown
}

export interface MergeOptions {
  batchSize: number
  /** Goes on behind this `_id`. */
  resumeAfter?: unknown
  afterClusterTime?: bigint
}

/**
 * Walks both stores side by side: scanning the authority alone would never see what only the other one holds (A17).
 * Ids that are ObjectIds are merged by ranges; ids from `id_map` have no common order, so a second pass goes over
 * the rows whose documents were not met.
 */
export async function* mergeById(
  engine: Engine,
  mapping: Mapping,
  options: MergeOptions,
): AsyncGenerator<MergedBatch> {
  const begin = options.resumeAfter === undefined ? 0 : idBrackets.indexOf(bracketOf(options.resumeAfter))
  for (const bracket of idBrackets.slice(begin)) {
    let last = bracket === idBrackets[begin] ? options.resumeAfter : undefined
    for (;;) {
      const filter = { _id: last === undefined ? typeFilter(bracket) : { $gt: last } }
      const raws = new Map<string, Uint8Array>()
      const rawIds: unknown[] = []
      for await (const document of readMatching(engine, mapping.collection, filter, {
        afterClusterTime: options.afterClusterTime,
        limit: options.batchSize,
      })) {
        raws.set(idKey(document.id), document.raw)
        rawIds.push(document.id)
      }
      const isEnd = rawIds.length < options.batchSize
      const upTo = isEnd ? undefined : rawIds.at(-1)
      const merges = bracket === 'objectId' && mapping.identity === 'object-id'
      const inPostgres = merges ? await derivedIdsBetween(engine, mapping, last, upTo) : []
      const others = await legacyIdsOf(engine, mapping, inPostgres)
      const targets = await targetsOf(engine, mapping, [...rawIds, ...others])
      last = upTo ?? rawIds.at(-1) ?? last
      if (targets.length > 0) yield { targets, raws, last }
      if (isEnd) break
    }
  }
  if (mapping.identity === 'id-map') yield* rowsWithoutDocument(engine, mapping, options)
}

/** Ids of rows in (after, upTo], as far as the documents of this batch reach; an absent end is open. */
async function derivedIdsBetween(
  engine: Engine,
  mapping: Mapping,
  after: unknown,
  upTo: unknown,
): Promise<string[]> {
  const uuid = (rawId: unknown) => (rawId === undefined ? null : uuidFromObjectId(objectIdHex(rawId)))
  const { rows } = await engine.pool.query<{ id: string }>(
    `select id from ${tableName(mapping.table)}
     where ($1::uuid is null or id > $1) and ($2::uuid is null or id <= $2) order by id`,
    [uuid(after), uuid(upTo)],
  )
  return rows.map((row) => row.id)
}

async function* rowsWithoutDocument(
  engine: Engine,
  mapping: Mapping,
  options: MergeOptions,
): AsyncGenerator<MergedBatch> {
  let after: string | null = null
  for (;;) {
    const { rows }: { rows: { id: string }[] } = await engine.pool.query<{ id: string }>(
      `select id from ${tableName(mapping.table)} where $1::uuid is null or id > $1 order by id limit $2`,
      [after, options.batchSize],
    )
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
    const rawIds = await legacyIdsOf(
      engine,
      mapping,
      rows.map((row) => row.id),
    )
    const found = await readDocuments(engine, mapping.collection, rawIds, {
      afterClusterTime: options.afterClusterTime,
    })
    const targets = await targetsOf(
      engine,
      mapping,
      rawIds.filter((rawId) => !found.has(idKey(rawId))),
    )
    if (targets.length > 0) yield { targets, raws: new Map(), last: undefined }
  }
}
