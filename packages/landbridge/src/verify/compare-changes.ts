import type { Engine } from '../engine.ts'
import { bsonTypeOf } from '../mapping/bson-value.ts'
import type { Mapping } from '../mapping/types.ts'
import { legacyIdsOf, targetsOf } from '../mirror/mirror-target.ts'
import { idFromBytes, idKey } from '../source/id-key.ts'
import { readDocuments } from '../source/read-documents.ts'
import { type CompareBytes, type ComparedRange, compileComparison } from './compare-bytes.ts'
import { compareAgain } from './compare-entities.ts'

const BATCH = 1_000

/** What has changed since a run: named by the change stream, and by the rows themselves. */
export interface Changes {
  /** Ids of documents, by their keys. */
  documents: ReadonlyMap<string, unknown>
  /** Uuids of entities. */
  entities: readonly string[]
}

/**
 * Compares, batch by batch, what has changed in either store: documents that the change stream names, entities whose
 * rows were written, and open gaps.
 */
export async function* compareChanges(
  engine: Engine,
  mapping: Mapping,
  changes: Changes,
  afterClusterTime: bigint,
): AsyncGenerator<ComparedRange> {
  const ids = await changedIds(engine, mapping, changes)
  const compareBytes = compileComparison(engine, mapping)
  const derived = compareBytes === undefined ? [] : ids.filter((id) => bsonTypeOf(id) === 'objectId')
  const others = compareBytes === undefined ? ids : ids.filter((id) => bsonTypeOf(id) !== 'objectId')
  if (compareBytes !== undefined) {
    for (const some of batchesOf(derived)) {
      yield await compareSome(engine, mapping, compareBytes, some, afterClusterTime)
    }
  }
  for (const some of batchesOf(others)) {
    const whole = await compareAgain(engine, mapping, await targetsOf(engine, mapping, some), {
      afterClusterTime,
    })
    yield { entities: whole.length, whole }
  }
}

async function changedIds(engine: Engine, mapping: Mapping, changes: Changes): Promise<unknown[]> {
  const ids = new Map(changes.documents)
  const legacyIds = await legacyIdsOf(engine, mapping, changes.entities)
  for (const id of legacyIds) ids.set(idKey(id), id)
  const { rows: gaps } = await engine.pool.query<{ legacyId: Buffer }>(
    'select legacy_id as "legacyId" from landbridge.pg_dualwrite_gaps where collection = $1',
    [mapping.collection],
  )
  for (const { legacyId } of gaps) {
    const id = idFromBytes(legacyId)
    ids.set(idKey(id), id)
  }
  return [...ids.values()]
}

async function compareSome(
  engine: Engine,
  mapping: Mapping,
  compareBytes: CompareBytes,
  ids: readonly unknown[],
  afterClusterTime: bigint,
): Promise<ComparedRange> {
  const documents = await readDocuments(engine, mapping.collection, ids, { afterClusterTime })
  const entities = ids.map((id) => mapping.idOf(id))
  const { whole } = await compareBytes({ rows: { entities }, documents: [...documents.values()] })
  return { entities: ids.length, whole }
}

function* batchesOf<T>(items: readonly T[]): Generator<T[]> {
  for (let from = 0; from < items.length; from += BATCH) yield items.slice(from, from + BATCH)
}
