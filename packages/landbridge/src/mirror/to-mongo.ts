import { type ClientSession, type Collection, type Db, MongoError, MongoNetworkError } from 'mongodb'
import type { Engine } from '../engine.ts'
import { copyCollection, refuseRowThatWentBack } from '../fence/copy.ts'
import type { Document, Mapping } from '../mapping/types.ts'
import { isWrongPhase } from '../target/applier-check.ts'
import { isBusy } from '../target/sql-state.ts'
import { noteSize } from './document-size.ts'
import { documentsOf, type ToMongoOutcome, type WrittenDocument, writeDocuments } from './document-writes.ts'
import { type EntityState, type EntityStates, readEntityStates } from './entity-state.ts'
import { ensureGuards, guardId, isGuardConflict, openSnapshot, raiseGuards } from './guard.ts'
import { withMirrorSession } from './mirror-session.ts'
import { mirrorWays } from './mirror-ways.ts'
import { writeParts } from './partial-to-mongo.ts'

/** A document grows by small steps, and measuring it is work for the server: now and then is enough. */
const MEASURE_EVERY = 16

export interface ToMongoOptions {
  /** `relay` does nothing where no outbox row is left; `repair` mirrors in any case. */
  mode?: 'relay' | 'repair'
}

export type { ToMongoOutcome }

/**
 * Brings one entity's present state from Postgres to MongoDB, whole, in one MongoDB transaction: read the guard
 * (this opens the snapshot), read the entity in one Postgres snapshot, write what differs, raise the guard, commit;
 * then delete exactly the outbox rows that were listed. Throws what either store throws; the outbox rows then stay.
 */
export async function mirrorToMongo(
  engine: Engine,
  mapping: Mapping,
  entity: string,
  options: ToMongoOptions = {},
): Promise<ToMongoOutcome> {
  const outcomes = await mirrorSetToMongo(engine, mapping, [entity], options)
  return outcomes.get(entity) ?? 'conflict'
}

/**
 * The same for several entities of a collection in one transaction: those that differ are deleted and inserted
 * again, so that unique values can move between them in any way (A12).
 */
export async function mirrorSetToMongo(
  engine: Engine,
  mapping: Mapping,
  entities: readonly string[],
  options: ToMongoOptions = {},
): Promise<Map<string, ToMongoOutcome>> {
  await ensureGuards(engine.mirrorClient, databaseOf(engine))
  try {
    return await withMirrorSession(engine, (session) =>
      mirrorInSession(engine, session, mapping, [...entities].sort(), options),
    )
  } catch (error) {
    if (isWrongPhase(error)) return sameForAll(entities, 'wrong-phase')
    if (isBusy(error) || isConflict(error)) return sameForAll(entities, 'conflict')
    throw error
  }
}

async function mirrorInSession(
  engine: Engine,
  session: ClientSession,
  mapping: Mapping,
  entities: readonly string[],
  options: ToMongoOptions,
): Promise<Map<string, ToMongoOutcome>> {
  const database = databaseOf(engine)
  session.startTransaction({
    readConcern: { level: 'snapshot' },
    writeConcern: { w: 'majority' },
    readPreference: 'primary',
  })
  const guards = entities.map((entity) => guardId(mapping.collection, entity))
  const mirrors = await openSnapshot(database, session, guards)
  // A repair asks for the whole document, whatever the outbox names.
  const inParts = options.mode === 'relay' && entities.length === 1
  let read = await readEntityStates(engine, mapping, entities, { inParts })
  await refuseIfRowWentBack(database, session, read)
  if (options.mode === 'relay' && read.states.every((state) => state.outboxIds.length === 0)) {
    await session.abortTransaction()
    return sameForAll(entities, 'nothing')
  }
  const documents = documentsOf(database, mapping.collection)
  const nth = mirrors.get(guards[0] ?? '') ?? 0
  let written = await writeNamedParts(engine, documents, session, mapping, read.states, nth)
  if (written === undefined) {
    // The snapshot of MongoDB stays; that of Postgres is newer then, with the outbox ids that belong to it.
    if (read.states.some((state) => state.parts !== undefined))
      read = await readEntityStates(engine, mapping, entities)
    written = await writeDocuments(documents, session, mapping, read.states)
    if (mapping.growing.length > 0) mirrorWays(engine).toMongo.whole += written.length
  }
  await raiseGuards(database, session, guards)
  await commit(session)
  await forget(engine, mapping, read.states)
  for (const { state, bytes } of written) {
    if (bytes !== undefined) await noteSize(engine.pool, { ...mapping, ...state }, bytes)
  }
  return new Map(written.map(({ state, outcome }) => [state.entity, outcome]))
}

/** Undefined where the entities must be written whole. */
async function writeNamedParts(
  engine: Engine,
  documents: Collection<Document>,
  session: ClientSession,
  mapping: Mapping,
  states: readonly EntityState[],
  nth: number,
): Promise<WrittenDocument[] | undefined> {
  const [state] = states
  if (state?.parts === undefined) return undefined
  const measure = state.isNotedLarge || nth % MEASURE_EVERY === 0
  const write = await writeParts(documents, session, mapping, state, state.parts, { measure })
  if (write === undefined) return undefined
  mirrorWays(engine).toMongo.partial += 1
  return [{ state, outcome: write.isEqual ? 'equal' : 'mirrored', bytes: write.bytes }]
}

/** Postgres may have lost a commit (C5): the copy is read inside the transaction, so in its snapshot. */
async function refuseIfRowWentBack(database: Db, session: ClientSession, read: EntityStates): Promise<void> {
  const copy = await database
    .collection<{ _id: string; authority: 'mongo' | 'postgres'; epoch: bigint }>(copyCollection)
    .findOne({ _id: read.unit.name }, { session, useBigInt64: true })
  if (copy === null) return
  refuseRowThatWentBack(read.unit, {
    unit: copy._id,
    authority: copy.authority,
    epoch: BigInt(copy.epoch),
  })
}

/** An unknown result is asked for again; a commit may be sent twice. */
async function commit(session: ClientSession): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await session.commitTransaction()
      return
    } catch (error) {
      const unknown = error instanceof MongoError && error.hasErrorLabel('UnknownTransactionCommitResult')
      if (!unknown || attempt === 3) throw error
    }
  }
}

/**
 * Deletes the outbox rows that this mirror listed, and the gap if it is still the one that was seen. Collection and
 * entity are named too, because a restored or failed-over Postgres may give an id out again.
 */
async function forget(engine: Engine, mapping: Mapping, states: readonly EntityState[]): Promise<void> {
  const ids = states.flatMap((state) => state.outboxIds)
  if (ids.length > 0) {
    await engine.pool.query(
      `delete from landbridge.change_outbox
       where id = any($1::bigint[]) and collection = $2 and entity = any($3::uuid[])`,
      [ids, mapping.collection, states.map((state) => state.entity)],
    )
  }
  const versions = states.flatMap((state) => state.gapVersion ?? [])
  if (versions.length === 0) return
  await engine.pool.query(
    'delete from landbridge.pg_dualwrite_gaps where collection = $1 and version = any($2::bigint[])',
    [mapping.collection, versions],
  )
}

/** Trouble that goes away by trying again at once; a lost connection is not such. */
function isConflict(error: unknown): boolean {
  if (error instanceof MongoNetworkError) return false
  if (isGuardConflict(error)) return true
  return error instanceof MongoError && error.hasErrorLabel('TransientTransactionError')
}

/** The application's database through the mirror's own client. */
function databaseOf(engine: Engine): Db {
  return engine.mirrorClient.db(engine.database.databaseName)
}

function sameForAll(entities: readonly string[], outcome: ToMongoOutcome): Map<string, ToMongoOutcome> {
  return new Map(entities.map((entity) => [entity, outcome]))
}
