import type { Engine } from '../engine.ts'
import { IdentityError } from '../identity/identity-error.ts'
import { objectIdFromUuid } from '../identity/object-id-uuid.ts'
import type { Mapping } from '../mapping/types.ts'
import { idKey, idToBytes } from '../source/id-key.ts'
import { idMapOf } from './engine-id-map.ts'

/** One entity that is to be mirrored, known by its `_id`. */
export interface MirrorTarget {
  rawId: unknown
  /** Equal for ids that MongoDB takes for the same. */
  key: string
  /** BSON of `{ v: _id }`, as the engine's tables hold it. */
  legacyId: Buffer
  /** Its uuid; undefined where the mapping's identity cannot give it one, so that it can only be quarantined. */
  entity: string | undefined
}

/** The targets of these ids, each once. */
export async function targetsOf(
  engine: Engine,
  mapping: Mapping,
  rawIds: readonly unknown[],
): Promise<MirrorTarget[]> {
  const distinct = new Map(rawIds.map((rawId) => [idKey(rawId), rawId]))
  const entities = await entitiesOf(engine, mapping, [...distinct.values()])
  return [...distinct].map(([key, rawId]) => ({
    rawId,
    key,
    legacyId: idToBytes(rawId),
    entity: entities.get(key),
  }))
}

/** The ids that entities have in MongoDB. Throws where an entity's uuid was never mapped. */
export async function legacyIdsOf(
  engine: Engine,
  mapping: Mapping,
  entities: readonly string[],
): Promise<unknown[]> {
  if (mapping.identity === 'object-id') return entities.map((entity) => objectIdFromUuid(entity))
  const idMap = idMapOf(engine)
  return Promise.all(entities.map((entity) => idMap.resolveLegacyId(mapping.collection, entity)))
}

async function entitiesOf(
  engine: Engine,
  mapping: Mapping,
  rawIds: readonly unknown[],
): Promise<Map<string, string | undefined>> {
  if (mapping.identity === 'object-id') {
    return new Map(rawIds.map((rawId) => [idKey(rawId), derivedUuid(mapping, rawId)]))
  }
  const uuids = await idMapOf(engine).resolveUuids(mapping.collection, rawIds)
  return new Map(rawIds.map((rawId, i) => [idKey(rawId), uuids[i]]))
}

/** The uuid that holds this `_id`; undefined where it is no ObjectId. */
function derivedUuid(mapping: Mapping, rawId: unknown): string | undefined {
  try {
    return mapping.idOf(rawId)
  } catch (error) {
    if (error instanceof IdentityError) return undefined
    throw error
  }
}
