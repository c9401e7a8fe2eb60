import { setTimeout as sleep } from 'node:timers/promises'
import { type Collection, MongoBulkWriteError } from 'mongodb'
import type { Engine } from '../engine.ts'
import { decodeBson } from '../mapping/bson.ts'
import { canonicalEquals, differences } from '../mapping/canonical-form.ts'
import { comparable } from '../mapping/comparable.ts'
import type { Document, EntityRows, Mapping } from '../mapping/types.ts'
import { legacyIdsOf } from '../mirror/mirror-target.ts'
import { quarantinedAmong } from '../quarantine/quarantine.ts'
import { idKey, idToBytes } from '../source/id-key.ts'
import { readDocuments } from '../source/read-documents.ts'
import { readEntities } from '../target/entities.ts'
import { tableName } from '../target/identifier.ts'
import { inTransaction } from '../target/transaction.ts'
import { dropScratch, openScratch } from './scratch.ts'

const batch = 500

/** An entity whose way back failed: MongoDB refused it, or it came out different. */
export interface DrillFailure {
  collection: string
  id: string
  reason: string
}

export interface RebuiltCollection {
  collection: string
  entities: number
  failures: DrillFailure[]
}

/**
 * Maps the collection's rows back to documents, writes them into a scratch collection with the same indexes, and
 * compares what MongoDB then holds with what the application's own collection holds. Never writes there (A22).
 */
export async function rebuildCollection(
  engine: Engine,
  mapping: Mapping,
  options: { limit: number; onProgress?: (done: number) => void; signal?: AbortSignal },
): Promise<RebuiltCollection> {
  const scratch = await openScratch(engine, mapping.collection)
  const result: RebuiltCollection = { collection: mapping.collection, entities: 0, failures: [] }
  try {
    let after: string | null = null
    while (result.entities < options.limit) {
      options.signal?.throwIfAborted()
      const ids: string[] = await nextIds(
        engine,
        mapping,
        after,
        Math.min(batch, options.limit - result.entities),
      )
      if (ids.length === 0) break
      result.failures.push(...(await rebuildBatch(engine, mapping, scratch, ids)))
      result.entities += ids.length
      after = ids.at(-1) ?? null
      options.onProgress?.(result.entities)
    }
    return result
  } finally {
    await dropScratch(engine.database, mapping.collection)
  }
}

async function nextIds(
  engine: Engine,
  mapping: Mapping,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const { rows } = await engine.pool.query(
    `select id from ${tableName(mapping.table)} where $1::uuid is null or id > $1::uuid order by id limit $2`,
    [after, limit],
  )
  return rows.map((row) => row.id)
}

async function rebuildBatch(
  engine: Engine,
  mapping: Mapping,
  scratch: Collection,
  ids: readonly string[],
): Promise<DrillFailure[]> {
  const documents = await rebuild(engine, mapping, ids)
  const refused = await insertAll(mapping, scratch, [...documents.values()])
  const failures = [...refused]
  const suspects = await unequal(engine, mapping, documents, scratch)
  // The unit is live: what is in flight differs for a moment, and is rebuilt and compared once more.
  let left = suspects.filter((suspect) => !refused.some((failure) => failure.id === suspect.shown))
  for (let look = 0; look < 5 && left.length > 0; look++) {
    await sleep(200)
    const again = await rebuild(
      engine,
      mapping,
      left.map((suspect) => suspect.entity),
    )
    left = await unequal(engine, mapping, again, null)
  }
  failures.push(
    ...left.map((suspect) => ({ collection: mapping.collection, id: suspect.shown, reason: suspect.reason })),
  )
  return failures
}

async function rebuild(
  engine: Engine,
  mapping: Mapping,
  ids: readonly string[],
): Promise<Map<string, Document>> {
  const entities: Map<string, EntityRows> = await inTransaction(
    engine.pool,
    { isolation: 'repeatable read', readOnly: true },
    (tx) => readEntities(tx, mapping, ids),
  )
  return new Map([...entities].map(([entity, rows]) => [entity, mapping.rebuildDocument(rows)]))
}

async function insertAll(
  mapping: Mapping,
  scratch: Collection,
  documents: readonly Document[],
): Promise<DrillFailure[]> {
  if (documents.length === 0) return []
  try {
    await scratch.insertMany([...documents], { ordered: false, ignoreUndefined: false })
    return []
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error
    const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors]
    return errors.map((each) => ({
      collection: mapping.collection,
      id: String(documents[each.index]?._id),
      reason: each.errmsg ?? `MongoDB refuses it (${each.code})`,
    }))
  }
}

interface Suspect {
  entity: string
  shown: string
  reason: string
}

/** Compares rebuilt documents (as the scratch collection holds them, where there is one) with the real ones. */
async function unequal(
  engine: Engine,
  mapping: Mapping,
  documents: ReadonlyMap<string, Document>,
  scratch: Collection | null,
): Promise<Suspect[]> {
  const entities = [...documents.keys()]
  const rawIds = await legacyIdsOf(engine, mapping, entities)
  const [real, written, quarantined] = await Promise.all([
    readDocuments(engine, mapping.collection, rawIds),
    scratch === null ? null : readDocuments(engine, scratch.collectionName, rawIds),
    quarantinedAmong(engine.pool, mapping.collection, rawIds.map(idToBytes)),
  ])
  const waiting = new Set(quarantined.map((legacyId) => legacyId.toString('hex')))
  const suspects: Suspect[] = []
  for (const [at, entity] of entities.entries()) {
    const rawId = rawIds[at]
    const original = real.get(idKey(rawId))
    const raw = written?.get(idKey(rawId))?.raw
    const rebuilt = raw === undefined ? documents.get(entity) : decodeBson(raw)
    if (rebuilt === undefined || waiting.has(idToBytes(rawId).toString('hex'))) continue
    const expected = original === undefined ? undefined : comparable(mapping, decodeBson(original.raw))
    if (expected !== undefined && canonicalEquals(expected, comparable(mapping, rebuilt))) continue
    suspects.push({ entity, shown: String(rawId), reason: reasonOf(mapping, expected, rebuilt) })
  }
  return suspects
}

function reasonOf(mapping: Mapping, expected: Document | undefined, rebuilt: Document): string {
  if (expected === undefined) return 'MongoDB does not have it'
  const [first] = differences(expected, comparable(mapping, rebuilt))
  return first === undefined ? 'it came back different' : `${first.path} came back different (${first.kind})`
}
