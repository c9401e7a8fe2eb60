import type { Engine } from '../engine.ts'
import { objectIdFromUuid } from '../identity/object-id-uuid.ts'
import { bsonTypeOf } from '../mapping/bson-value.ts'
import type { Mapping } from '../mapping/types.ts'
import { legacyIdsOf, targetsOf } from '../mirror/mirror-target.ts'
import { idFromBytes, idKey } from '../source/id-key.ts'
import { readDocuments } from '../source/read-documents.ts'
import { entitiesWrittenSince } from './changed-rows.ts'
import { type CompareBytes, type ComparedRange, compileComparison } from './compare-bytes.ts'
import { compareAgain } from './compare-entities.ts'

const BATCH = 1_000

export interface Changes {
  /** Ids of the documents that changed in MongoDB. */
  documents: ReadonlyMap<string, unknown>
  /** See `readTransactionHorizon`: rows that were written since have changed. */
  horizon: bigint
  afterClusterTime: bigint
}

/**
 * Compares, batch by batch, what has changed in either store: documents that the change stream names, entities whose
 * rows were written, and open gaps.
 */
export async function* compareChanges(
  engine: Engine,
  mapping: Mapping,
  changes: Changes,
): AsyncGenerator<ComparedRange> {
  const ids = await changedIds(engine, mapping, changes)
  const compareBytes = compileComparison(engine, mapping)
  const derived = compareBytes === undefined ? [] : ids.filter((id) => bsonTypeOf(id) === 'objectId')
  const others = compareBytes === undefined ? ids : ids.filter((id) => bsonTypeOf(id) !== 'objectId')
  if (compareBytes !== undefined) {
    for (const some of batchesOf(derived)) {
      yield await compareSome(engine, mapping, compareBytes, some, changes.afterClusterTime)
    }
  }
  for (const some of batchesOf(others)) {
    const { afterClusterTime } = changes
    const whole = await compareAgain(engine, mapping, await targetsOf(engine, mapping, some), {
      afterClusterTime,
    })
    yield { entities: whole.length, whole }
  }
}

async function changedIds(engine: Engine, mapping: Mapping, changes: Changes): Promise<unknown[]> {
  const ids = new Map(changes.documents)
  const written = [...(await entitiesWrittenSince(engine, mapping, changes.horizon))]
  const legacyIds =
    mapping.identity === 'object-id'
      ? written.map(objectIdFromUuid)
      : await legacyIdsOf(engine, mapping, written)
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
