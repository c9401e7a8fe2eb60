import type { Document } from 'bson'
import type { PoolClient } from 'pg'
import { fillLegacyDatabase } from '../apps/escrow/seed/legacy/fill.ts'
import { canonicalEquals } from '../packages/landbridge/src/mapping/canonical-form.ts'
import { comparable } from '../packages/landbridge/src/mapping/comparable.ts'
import type { Mapping } from '../packages/landbridge/src/mapping/types.ts'
import { legacyIdsOf } from '../packages/landbridge/src/mirror/mirror-target.ts'
import type { OpenEngine } from '../packages/landbridge/src/open-engine.ts'
import { quarantinedIds } from '../packages/landbridge/src/quarantine/quarantine.ts'
import { reconcile } from '../packages/landbridge/src/reconcile/reconcile.ts'
import { idToBytes } from '../packages/landbridge/src/source/id-key.ts'
import { differingEntities } from '../packages/landbridge/src/verify/difference-store.ts'
import { verify } from '../packages/landbridge/src/verify/verify.ts'
import { changeDocument } from './change-document.ts'
import { changeRow } from './change-row.ts'
import { type Choices, choicesOf } from './choices.ts'
import { wholeBackfill } from './whole-backfill.ts'

/** So many changes, each in an entity of its own, before one verification looks for all of them. */
const AT_ONCE = 50
const exactly = { promoteValues: false, promoteBuffers: false, bsonRegExp: true } as const

export interface FoundChanges {
  made: number
  found: number
  /** Entities that were reported and not changed. */
  wrong: number
  missed: string[]
}

interface MadeChange {
  key: string
  what: string
  undo(): Promise<void>
}

/**
 * Makes single changes in copied documents of every unit, half of them in MongoDB and half in Postgres, lets a full
 * verification look for them, and undoes them.
 */
export async function changeOneByOne(
  engine: OpenEngine,
  changes: number,
  tell: (step: string) => void,
): Promise<FoundChanges> {
  await copySmallWorld(engine, tell)
  const choices = choicesOf(7)
  const result: FoundChanges = { made: 0, found: 0, wrong: 0, missed: [] }
  while (result.made < changes) {
    const made = await makeChanges(engine, Math.min(AT_ONCE, changes - result.made), choices)
    const reported = await reportedBy(engine)
    for (const { key, what } of made) {
      if (reported.delete(key)) result.found++
      else result.missed.push(`${key}: ${what}`)
    }
    result.made += made.length
    result.wrong += reported.size
    for (const { undo } of made) await undo()
    tell(`${result.found} of ${result.made} single changes found`)
  }
  const left = await reportedBy(engine)
  if (left.size > 0) throw new Error(`Undone changes are still reported: ${[...left].join(', ')}`)
  return result
}

const DOCUMENTS = 3_000

async function copySmallWorld(engine: OpenEngine, tell: (step: string) => void): Promise<void> {
  tell('copy a small world of every unit')
  await engine.pool.query('delete from landbridge.chunk')
  await fillLegacyDatabase(engine.database, { documents: DOCUMENTS, seed: 11 })
  for (const { name } of engine.config.units) await wholeBackfill(engine, name)
  for (let left = 1, i = 0; left > 0 && i < 10; i++)
    left = (await reconcile(engine, undefined, { all: true })).left
  const reported = await reportedBy(engine)
  if (reported.size > 0) throw new Error(`The copy differs: ${[...reported].join(', ')}`)
}

/** Every entity of any unit that a full verification reports. */
async function reportedBy(engine: OpenEngine): Promise<Set<string>> {
  const reported = new Set<string>()
  for (const { name, mappings } of engine.config.units) {
    const report = await verify(engine, name, {
      restart: true,
      graceMs: 0,
      throttle: async () => null,
    }).catch((error) => {
      // Nobody's fault: this unit has no documents.
      if (error.code === 'LB_NOTHING_COMPARED') return undefined
      throw error
    })
    const failed = report?.collections.find(({ error }) => error !== undefined)
    if (failed !== undefined) throw failed.error
    for (const { collection } of mappings) {
      for (const entity of await differingEntities(engine.pool, collection)) {
        if (entity.reported) reported.add(keyOf(collection, entity.legacyId))
      }
    }
  }
  return reported
}

function keyOf(collection: string, legacyId: Buffer): string {
  return `${collection} ${legacyId.toString('hex')}`
}

async function makeChanges(engine: OpenEngine, count: number, choices: Choices): Promise<MadeChange[]> {
  const mappings = engine.config.units.flatMap((unit) => unit.mappings)
  const made = new Map<string, MadeChange>()
  for (let tries = 0; made.size < count && tries < count * 100; tries++) {
    const mapping = choices.one(mappings)
    const isTaken = (key: string) => made.has(key)
    const change =
      tries % 2 === 0
        ? await changeInPostgres(engine, mapping, choices, isTaken)
        : await changeInMongo(engine, mapping, choices, isTaken)
    if (change !== undefined) made.set(change.key, change)
  }
  return [...made.values()]
}

async function changeInPostgres(
  engine: OpenEngine,
  mapping: Mapping,
  choices: Choices,
  isTaken: (key: string) => boolean,
): Promise<MadeChange | undefined> {
  const change = await behindTheBack(engine, (tx) => changeRow(tx, mapping, choices))
  if (change === undefined) return undefined
  const undo = () => behindTheBack(engine, change.undo)
  const [legacyId] = await legacyIdsOf(engine, mapping, [change.entity])
  const key = keyOf(mapping.collection, idToBytes(legacyId))
  if (!isTaken(key)) return { key, what: change.what, undo }
  await undo()
  return undefined
}

/** As a fault would: no foreign key looks, and no trigger tells the mirror. */
async function behindTheBack<T>(engine: OpenEngine, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const tx = await engine.pool.connect()
  try {
    await tx.query('begin; set local session_replication_role = replica')
    const result = await work(tx)
    await tx.query('commit')
    return result
  } catch (error) {
    await tx.query('rollback')
    throw error
  } finally {
    tx.release()
  }
}

async function changeInMongo(
  engine: OpenEngine,
  mapping: Mapping,
  choices: Choices,
  isTaken: (key: string) => boolean,
): Promise<MadeChange | undefined> {
  const collection = engine.database.collection(mapping.collection)
  const count = await collection.countDocuments()
  if (count === 0) return undefined
  const [before] = await collection
    .find({}, { ...exactly, sort: { _id: 1 }, skip: choices.below(count), limit: 1 })
    .toArray()
  if (before === undefined) return undefined
  const key = keyOf(mapping.collection, idToBytes(before._id))
  const waiting = await quarantinedIds(engine.pool, mapping.collection)
  if (isTaken(key) || waiting.some((legacyId) => keyOf(mapping.collection, legacyId) === key))
    return undefined
  const [same] = await collection.find({ _id: before._id }, exactly).toArray()
  const what = choices.below(20) === 0 ? 'a document deleted' : changeDocument(same as Document, choices)
  const options = { bypassDocumentValidation: true }
  const filter = { _id: before._id }
  const undo = async () => {
    await collection.replaceOne(filter, before, { ...options, upsert: true })
  }
  if (what === 'a document deleted') await collection.deleteOne(filter)
  else {
    // Some paths die with MongoDB, and a change there is none.
    if (canonicalEquals(comparable(mapping, before), comparable(mapping, same as Document))) return undefined
    try {
      await collection.replaceOne(filter, same as Document, options)
    } catch {
      return undefined
    }
  }
  return { key, what, undo }
}
