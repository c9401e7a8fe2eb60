import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import type { ComparedEntity } from './compare-entities.ts'
import { knownToDiffer, storeDifferences, toStored } from './difference-store.ts'

/** Brings the list of differences to what was just seen: entities that agree, or stand in quarantine, leave it. */
export async function noteCompared(
  engine: Engine,
  mapping: Mapping,
  compared: readonly ComparedEntity[],
): Promise<void> {
  const { unit, collection } = mapping
  const known = await knownToDiffer(
    engine.pool,
    collection,
    compared.map(({ target }) => target.legacyId),
  )
  for (const { target, differences } of compared) {
    if (differences.length === 0 && !known.has(target.legacyId.toString('base64'))) continue
    const entity = { unit, collection, legacyId: target.legacyId }
    await storeDifferences(engine.pool, entity, toStored(entity, differences))
  }
}
