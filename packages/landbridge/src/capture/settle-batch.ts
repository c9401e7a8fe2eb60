import type { ClientBase } from 'pg'
import { atOnce } from '../at-once.ts'
import { type Engine, mappingOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { lockUnitShared, readUnitRows } from '../fence/unit-row.ts'
import type { Mapping } from '../mapping/types.ts'
import { changesOfEvent, type GrowingChanges, mergeChanges } from '../mirror/growing-changes.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { directionOf } from '../phase.ts'
import { idKey, idToBytes } from '../source/id-key.ts'
import { inTransaction } from '../target/transaction.ts'
import type { ChangeEvent, CollectionEvent, DocumentEvent } from './change-event.ts'
import { keepForeignEvents } from './foreign-events.ts'
import { noteCollectionLost } from './history-lost.ts'
import { refuseUnknownCollections } from './known-collections.ts'
import { noteMarkers } from './markers-seen.ts'
import { ownEvents } from './ownership.ts'
import { isOvertaken, type Position, storePosition } from './position.ts'

/** A unit may change its phase while its events are being dealt with; more often than this it does not. */
const MAX_ROUNDS = 5
/** Collections of a batch that are mirrored at the same time, each with a connection of its own. */
const COLLECTIONS_AT_ONCE = 4

/** How far one unit's events of a batch have been dealt with. */
interface UnitEvents {
  unit: string
  documents: DocumentEvent[]
  collections: CollectionEvent[]
  mirrored: boolean
  /** Entities whose mirror is not confirmed, by collection. */
  gaps: { collection: string; id: unknown }[]
}

/**
 * Deals with a batch of events and then stores the position behind it. What an event means is the unit's row to say:
 * where Mongo is the authority its entity is mirrored by state; where Postgres is, a foreign event is kept and an
 * own one dropped; where nothing is mirrored it is dropped. Dropping, keeping and the position are one transaction
 * that holds the units' locks (A6); a unit that has changed its direction meanwhile is dealt with again.
 * Answers false if another capture has overtaken this one.
 */
export async function settleBatch(
  engine: Engine,
  events: readonly ChangeEvent[],
  position: Position,
): Promise<boolean> {
  const units = byUnit(engine, events)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    await mirrorWhereMongoLeads(engine, units)
    const settled = await inTransaction(engine.pool, { lockTimeoutMs: 5_000 }, async (tx) => {
      // First, so that a capture that lags behind another keeps and notes nothing.
      if (await isOvertaken(tx, position)) return 'overtaken'
      for (const unit of units) {
        if (!unit.mirrored && !(await settleUnit(engine, tx, unit))) return 'again'
        if (unit.mirrored) await noteUnconfirmed(tx, unit)
      }
      await refuseUnknownCollections(engine, tx)
      await noteMarkers(tx, events)
      return (await storePosition(tx, position)) ? 'stored' : 'overtaken'
    })
    if (settled !== 'again') return settled === 'stored'
  }
  throw new LandbridgeError(
    errorCodes.wrongPhase,
    'a unit keeps changing its phase; its events are read again',
  )
}

/** A collection's drop tells of every document in it; the database's, of every collection. */
function byUnit(engine: Engine, events: readonly ChangeEvent[]): UnitEvents[] {
  return engine.config.units
    .map((unit) => {
      const names = new Set(unit.mappings.map((mapping) => mapping.collection))
      const ofUnit = (event: ChangeEvent) => event.collection === undefined || names.has(event.collection)
      const mine = events.filter(ofUnit)
      return {
        unit: unit.name,
        documents: mine.filter((event) => event.kind === 'document'),
        collections: mine.filter((event) => event.kind === 'collection'),
        mirrored: false,
        gaps: [],
      }
    })
    .filter((unit) => unit.documents.length + unit.collections.length > 0)
    .sort((a, b) => (a.unit < b.unit ? -1 : 1))
}

/**
 * Reads the phases without a lock: each mirror checks its unit's phase in its own transaction. Several collections are
 * mirrored at once, because a batch is as slow as what it waits for; no order is promised between entities.
 */
async function mirrorWhereMongoLeads(engine: Engine, units: readonly UnitEvents[]): Promise<void> {
  if (units.every((unit) => unit.documents.length === 0)) return
  const rows = new Map((await readUnitRows(engine.pool)).map((row) => [row.name, row]))
  const leading = units.filter((unit) => {
    const phase = rows.get(unit.unit)?.phase
    // A collection event is settled under the lock, with its unit's documents.
    if (unit.mirrored || unit.collections.length > 0 || phase === undefined) return false
    return directionOf(phase) === 'to-postgres'
  })
  for (const unit of leading) {
    unit.gaps = []
    unit.mirrored = true
  }
  const mirrors = leading.flatMap((unit) =>
    byMapping(engine, unit.documents).map(([mapping, events]) => ({ unit, mapping, events })),
  )
  await atOnce(COLLECTIONS_AT_ONCE, mirrors, ({ unit, mapping, events }) =>
    mirrorEvents(engine, unit, mapping, events),
  )
}

/** Mirrors one collection's entities; one of them that is not confirmed leaves the unit to be dealt with again. */
async function mirrorEvents(
  engine: Engine,
  unit: UnitEvents,
  mapping: Mapping,
  events: readonly DocumentEvent[],
): Promise<void> {
  const ids = new Map(events.map((event) => [idKey(event.id), event.id]))
  const changes = mapping.growing.length === 0 ? undefined : changesByKey(mapping, events)
  const afterClusterTime = events.reduce((latest, event) => max(latest, event.clusterTime), 0n)
  const results = await mirrorToPostgres(engine, mapping, [...ids.values()], {
    reason: 'capture',
    afterClusterTime,
    changes,
  })
  for (const { id, outcome } of results) {
    if (outcome === 'wrong-phase') unit.mirrored = false
    if (outcome === 'gap') unit.gaps.push({ collection: mapping.collection, id })
  }
}

/** What all events of a document name together; a document of which one needs the whole is left out. */
function changesByKey(mapping: Mapping, events: readonly DocumentEvent[]): Map<string, GrowingChanges> {
  const byKey = new Map<string, GrowingChanges | undefined>()
  for (const event of events) {
    const [key, named] = [idKey(event.id), changesOfEvent(mapping, event)]
    byKey.set(key, byKey.has(key) ? mergeChanges(byKey.get(key), named) : named)
  }
  return new Map([...byKey].flatMap(([key, changes]) => (changes === undefined ? [] : [[key, changes]])))
}

/** Answers false if the unit's events must be mirrored after all. */
async function settleUnit(engine: Engine, tx: ClientBase, unit: UnitEvents): Promise<boolean> {
  const row = await lockUnitShared(tx, unit.unit)
  const direction = directionOf(row.phase)
  if (direction === null) return true
  for (const event of unit.collections) {
    const detail = `${event.operation} of ${event.collection ?? 'the whole database'}`
    engine.log.error(
      { unit: unit.unit, detail },
      'a collection was dropped or renamed: verify and repair the unit',
    )
    await noteCollectionLost(tx, unit.unit, detail)
  }
  // Told once; the documents' own events are dealt with in the next round.
  unit.collections = []
  if (direction === 'to-postgres') return unit.documents.length === 0
  const own = await ownEvents(tx, unit.documents)
  const foreign = unit.documents.filter((event) => !own.has(event))
  for (const [mapping, events] of byMapping(engine, foreign))
    await keepForeignEvents(engine, tx, mapping, events)
  return true
}

function byMapping(engine: Engine, events: readonly DocumentEvent[]): [Mapping, DocumentEvent[]][] {
  return [...Map.groupBy(events, (event) => event.collection)].flatMap(([collection, some]) => {
    const mapping = mappingOf(engine, collection)
    return mapping === undefined ? [] : [[mapping, some] as [Mapping, DocumentEvent[]]]
  })
}

/**
 * The position is about to pass entities whose mirror is not confirmed: from here on only a gap remembers them. The
 * mirror notes gaps itself, but only as far as it could reach Postgres; the version rises as for any note (A5).
 */
async function noteUnconfirmed(tx: ClientBase, unit: UnitEvents): Promise<void> {
  for (const { collection, id } of unit.gaps) {
    await tx.query(
      `insert into landbridge.pg_dualwrite_gaps (unit, collection, legacy_id, code, detail)
       values ($1, $2, $3, 'target', 'the change stream could not confirm the mirror')
       on conflict (collection, legacy_id) do update set version = nextval('landbridge.gap_version'), last_at = now()`,
      [unit.unit, collection, idToBytes(id)],
    )
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
