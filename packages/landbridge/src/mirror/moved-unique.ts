import { MongoServerError } from 'mongodb'
import type { Engine } from '../engine.ts'
import type { Document, Mapping } from '../mapping/types.ts'
import { targetsOf } from './mirror-target.ts'
import { mirrorSetToMongo, type ToMongoOutcome } from './to-mongo.ts'

/** A larger chain of moved values is left to people. */
const LARGEST_SET = 50

/**
 * MongoDB still holds the entity's unique value in another document (a swap, A12): the holders are mirrored together
 * with it in one transaction, and the set grows until it fits. Throws MongoDB's own refusal where the holder keeps
 * its value in Postgres, too, so that no order of writes helps.
 */
export async function mirrorMovedUnique(
  engine: Engine,
  mapping: Mapping,
  entity: string,
  refusal: MongoServerError,
): Promise<ToMongoOutcome> {
  const set = new Set([entity])
  let trouble = refusal
  while (set.size < LARGEST_SET) {
    const before = set.size
    for (const holder of await holdersOf(engine, mapping, trouble)) set.add(holder)
    if (set.size === before) break
    try {
      const outcomes = await mirrorSetToMongo(engine, mapping, [...set])
      return outcomes.get(entity) ?? 'conflict'
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== 11_000) throw error
      trouble = error
    }
  }
  throw trouble
}

/** The entities whose documents hold the value that the refusal names. */
async function holdersOf(engine: Engine, mapping: Mapping, refusal: MongoServerError): Promise<string[]> {
  const value = (refusal as { keyValue?: unknown }).keyValue
  if (typeof value !== 'object' || value === null) return []
  const holders = await engine.database
    .collection<Document>(mapping.collection)
    .find(value as Document, { projection: { _id: 1 }, limit: LARGEST_SET, promoteValues: false })
    .toArray()
  const targets = await targetsOf(
    engine,
    mapping,
    holders.map((holder) => holder._id),
  )
  return targets.flatMap(({ entity }) => entity ?? [])
}
