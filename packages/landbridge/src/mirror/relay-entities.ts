import { setTimeout as sleep } from 'node:timers/promises'
import { BSONError } from 'bson'
import { MongoInvalidArgumentError, MongoServerError } from 'mongodb'
import { atOnce } from '../at-once.ts'
import { type Engine, mappingOf } from '../engine.ts'
import { IdentityError } from '../identity/identity-error.ts'
import { MappingError } from '../mapping/mapping-error.ts'
import type { Mapping } from '../mapping/types.ts'
import { idToBytes } from '../source/id-key.ts'
import { databaseFault } from '../target/sql-state.ts'
import { isTooLarge } from './document-size.ts'
import { noteGap } from './gaps.ts'
import { legacyIdsOf } from './mirror-target.ts'
import { mirrorMovedUnique } from './moved-unique.ts'
import type { OutboxEntity } from './outbox.ts'
import { mirrorToMongo, type ToMongoOutcome } from './to-mongo.ts'

const CONFLICT_TRIES = 4
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 5 * 60_000

export interface Relayed {
  /** Entities whose rows are gone. */
  done: number
}

/** What MongoDB refuses is tried again later and later, so that it does not stand in the way of the others. */
export interface Backoff {
  troubleOf(entity: OutboxEntity): string | undefined
  waiting(unit: string): OutboxEntity[]
  refused(unit: string, entity: OutboxEntity, trouble: string): void
  settled(entity: OutboxEntity): void
}

export function newBackoff(): Backoff {
  const entities = new Map<
    string,
    OutboxEntity & { unit: string; trouble: string; pauseMs: number; until: number }
  >()
  const keyOf = (entity: OutboxEntity) => `${entity.collection}/${entity.entity}`
  return {
    troubleOf: (entity) => entities.get(keyOf(entity))?.trouble,
    waiting: (unit) => [...entities.values()].filter((each) => each.unit === unit && each.until > Date.now()),
    settled: (entity) => entities.delete(keyOf(entity)),
    refused: (unit, entity, trouble) => {
      const before = entities.get(keyOf(entity))?.pauseMs ?? FIRST_PAUSE_MS / 2
      const pauseMs = Math.min(LONGEST_PAUSE_MS, before * 2)
      entities.set(keyOf(entity), { ...entity, unit, trouble, pauseMs, until: Date.now() + pauseMs })
    },
  }
}

/**
 * Mirrors entities of one unit, many at once. What a store as a whole refuses (a lost connection) is thrown; what is
 * one entity's own trouble is noted as a gap, its outbox rows stay, and the others go on.
 */
export async function relayEntities(
  engine: Engine,
  unit: string,
  entities: readonly OutboxEntity[],
  backoff: Backoff,
  signal: AbortSignal,
): Promise<Relayed> {
  let done = 0
  const relayOne = async (entity: OutboxEntity) => {
    if (await relayEntity(engine, unit, entity, backoff)) done++
  }
  await atOnce(engine.config.relay.concurrency, entities, relayOne, signal)
  return { done }
}

/** Answers whether the entity's rows are gone. */
async function relayEntity(
  engine: Engine,
  unit: string,
  entity: OutboxEntity,
  backoff: Backoff,
): Promise<boolean> {
  const mapping = mappingOf(engine, entity.collection)
  if (mapping === undefined) {
    backoff.refused(unit, entity, 'the configuration does not know the collection')
    return false
  }
  try {
    const outcome = await untilNoConflict(engine, mapping, entity.entity)
    if (outcome === 'conflict' || outcome === 'wrong-phase') return false
    backoff.settled(entity)
    return true
  } catch (error) {
    if (!isOwnTrouble(error)) throw error
    await noteRefusal(engine, mapping, entity, error)
    backoff.refused(unit, entity, messageOf(error))
    return false
  }
}

/** First committer wins: the loser begins again, after a moment that differs between them. */
async function untilNoConflict(engine: Engine, mapping: Mapping, entity: string): Promise<ToMongoOutcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await mirrorOrMove(engine, mapping, entity)
    if (outcome !== 'conflict' || attempt === CONFLICT_TRIES) return outcome
    await sleep(attempt * 5 + Math.random() * 20)
  }
}

async function mirrorOrMove(engine: Engine, mapping: Mapping, entity: string): Promise<ToMongoOutcome> {
  try {
    return await mirrorToMongo(engine, mapping, entity, { mode: 'relay' })
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 11_000) throw error
    return mirrorMovedUnique(engine, mapping, entity, error)
  }
}

/** Stays visible among the gaps, with what MongoDB said, until a mirror of the entity succeeds. */
async function noteRefusal(
  engine: Engine,
  mapping: Mapping,
  { entity }: OutboxEntity,
  error: unknown,
): Promise<void> {
  engine.log.error(
    { err: error, collection: mapping.collection, entity },
    'an entity cannot be mirrored to MongoDB',
  )
  const legacyId = await knownLegacyId(engine, mapping, entity)
  if (legacyId === undefined) return
  await noteGap(engine.pool, {
    unit: mapping.unit,
    collection: mapping.collection,
    legacyId: idToBytes(legacyId),
    code: isTooLarge(error) ? 'too-large-for-mongo' : 'refused',
    detail: messageOf(error),
    failedAttempt: true,
  })
}

/** Undefined for a row whose uuid has no `_id`: that is what it was refused for. */
async function knownLegacyId(engine: Engine, mapping: Mapping, entity: string): Promise<unknown> {
  try {
    return (await legacyIdsOf(engine, mapping, [entity]))[0]
  } catch (error) {
    if (error instanceof IdentityError) return undefined
    throw error
  }
}

/** Not let in at all: Unauthorized and AuthenticationFailed. */
const notAllowed = new Set<unknown>([13, 18])
/** Postgres itself is in trouble: connection, resources, shutdown, system. */
const postgresInTrouble = /^(08|53|57|58)/

/**
 * Trouble that belongs to this entity, so that the others can go on; anything else (a lost connection, a missing
 * right) meets all of them and stops the relay until it is tried again.
 */
function isOwnTrouble(error: unknown): boolean {
  if (error instanceof MongoServerError) return !notAllowed.has(error.code)
  if (isTooLarge(error)) return true
  if (error instanceof MongoInvalidArgumentError || error instanceof BSONError) return true
  if (error instanceof MappingError || error instanceof IdentityError) return true
  // A defect in the code that translates one document.
  if (error instanceof TypeError || error instanceof RangeError) return true
  const fault = databaseFault(error)
  return fault !== undefined && !postgresInTrouble.test(fault.state)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
