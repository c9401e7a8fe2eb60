import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { objectIdFromUuid, uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { bsonTypeOf, getMember, objectIdHex } from '../mapping/bson-value.ts'
import { rowsEqual } from '../mapping/compare-rows.ts'
import { partialMappingOf } from '../mapping/define-mapping.ts'
import type { GrowingChild, PartialMapping } from '../mapping/partial-mapping.ts'
import type { Document, EntityRows, Mapping } from '../mapping/types.ts'
import { type ReadOptions, readAggregated } from '../source/read-documents.ts'
import { readArrayEnd, readElementRanks, readElements, writeElements } from '../target/elements.ts'
import { writeEntities } from '../target/entities.ts'
import type { GrowingChanges } from './growing-changes.ts'
import type { MirrorTarget } from './mirror-target.ts'
import { derivedValues, readShell } from './partial-state.ts'
import { type ArrayAnswer, type DocumentParts, parseParts, partsPipeline } from './read-parts.ts'

/** Beyond this many elements the whole document is cheaper. */
const MAX_ELEMENTS = 500

/** What Postgres holds of a growing array, and what may have changed of it. */
interface KnownArray {
  child: GrowingChild
  count: number
  last: { id: string; seq: bigint }
  ids: readonly unknown[]
  places: readonly number[]
}

/** An element that is to be written, and where it stands in the order. */
interface ElementWrite {
  id: string
  rows: EntityRows
  seq: bigint
}

/**
 * Brings the parts of an entity that may have changed to the present state of its document. The caller holds the
 * entity's lock. False where the whole document must be mirrored: Postgres does not hold the entity, more than the named
 * elements differs, or a part of it cannot be mapped. What was written until then is replaced by the whole.
 */
export async function mirrorParts(
  engine: Engine,
  tx: PoolClient,
  mapping: Mapping,
  target: MirrorTarget,
  changes: GrowingChanges,
  options: ReadOptions,
): Promise<boolean> {
  const partial = partialMappingOf(mapping)
  const { entity } = target
  if (partial === undefined || entity === undefined) return false
  const shell = await readShell(tx, partial, entity)
  const known = shell === undefined ? undefined : await knownArrays(tx, partial, entity, changes)
  if (shell === undefined || known === undefined) return false
  const parts = await readParts(engine, mapping, target, known, options)
  if (parts === undefined) return false
  for (const [i, array] of known.entries()) {
    const answer = parts.arrays[i]
    const writes = answer === undefined ? undefined : await elementsToWrite(tx, entity, array, answer)
    if (writes === undefined) return false
    await writeDiffering(tx, entity, array.child, writes)
  }
  return writeShell(tx, partial, entity, shell, parts.shell)
}

/** Undefined where an array has no rows: then there is nothing behind which an element could stand. */
async function knownArrays(
  tx: PoolClient,
  partial: PartialMapping,
  entity: string,
  changes: GrowingChanges,
): Promise<KnownArray[] | undefined> {
  const arrays: KnownArray[] = []
  for (const child of partial.children) {
    const { count, last } = await readArrayEnd(tx, child, entity)
    if (last === undefined) return undefined
    const { ids = [], places = new Set<number>() } = changes.get(child.path) ?? {}
    if (ids.length + places.size > MAX_ELEMENTS) return undefined
    arrays.push({ child, count, last, ids, places: [...places] })
  }
  return arrays
}

async function readParts(
  engine: Engine,
  mapping: Mapping,
  target: MirrorTarget,
  known: readonly KnownArray[],
  options: ReadOptions,
): Promise<DocumentParts | undefined> {
  const questions = known.map(({ child, count, last, ids, places }) => ({
    path: child.path,
    find: [objectIdFromUuid(last.id), ...ids],
    read: [false, ...ids.map(() => true)],
    places,
    tail: { from: count, limit: MAX_ELEMENTS + 1 },
  }))
  const pipeline = [{ $match: { _id: target.rawId } }, ...partsPipeline(questions)]
  const raw = await readAggregated(engine, mapping.collection, pipeline, options)
  return raw === undefined ? undefined : parseParts(raw)
}

/**
 * The elements that may differ, mapped. Undefined unless what was appended stands directly behind exactly as many
 * elements as Postgres holds, the last of them its last, and everything else that is named stands in both stores at the
 * same place: a place tells nothing if the array was shifted or turned meanwhile (G7).
 */
async function elementsToWrite(
  tx: PoolClient,
  entity: string,
  array: KnownArray,
  answer: ArrayAnswer,
): Promise<ElementWrite[] | undefined> {
  const { child, count, last } = array
  const [end, ...found] = answer.found
  if (end?.at !== count - 1 || answer.tail.length > MAX_ELEMENTS) return undefined
  const named = [...found, ...array.places.map((at, i) => ({ at, element: answer.places[i] }))]
  const held = named.filter(({ at }) => at < count)
  if (named.some(({ at }) => at < 0 || at >= answer.size)) return undefined
  const identified = held.map(({ at, element }) => ({ at, element, id: idOf(element) }))
  const appended = answer.tail.map(idOf)
  const ids = [...identified.map(({ id }) => id), ...appended].flatMap((id) => id ?? [])
  const ranks = await readElementRanks(tx, child, entity, ids)
  // An `_id` that stands in the array already: the whole mapping decides what becomes of the two.
  const isTwice = appended.some((id, i) => id === undefined || ranks.has(id) || appended.indexOf(id) !== i)
  if (isTwice) return undefined
  const writes: ElementWrite[] = []
  for (const { at, element, id } of identified) {
    const place = id === undefined ? undefined : ranks.get(id)
    if (place?.rank !== at) return undefined
    if (!addWrite(writes, child, entity, element, BigInt(place.seq))) return undefined
  }
  for (const [i, element] of answer.tail.entries())
    if (!addWrite(writes, child, entity, element, last.seq + BigInt(i + 1))) return undefined
  return [...new Map(writes.map((write) => [write.id, write])).values()]
}

/** False where the element cannot be mapped exactly. */
function addWrite(
  writes: ElementWrite[],
  child: GrowingChild,
  entity: string,
  element: Document | undefined,
  seq: bigint,
): boolean {
  const id = idOf(element)
  if (id === undefined || element === undefined) return false
  const outcome = child.map(entity, element)
  if (outcome.kind === 'refused') return false
  const [row] = outcome.rows.tables[child.table.name] ?? []
  if (row !== undefined) row[child.table.seq] = String(seq)
  writes.push({ id, rows: outcome.rows, seq })
  return true
}

function idOf(element: Document | undefined): string | undefined {
  const id = bsonTypeOf(element) === 'document' ? getMember(element as Document, '_id') : undefined
  return bsonTypeOf(id) === 'objectId' ? uuidFromObjectId(objectIdHex(id)) : undefined
}

/** Events come back for what was mirrored inline: what is right already is left alone. */
async function writeDiffering(
  tx: PoolClient,
  entity: string,
  child: GrowingChild,
  writes: readonly ElementWrite[],
): Promise<void> {
  const present = await readElements(
    tx,
    child,
    entity,
    writes.map((write) => write.id),
  )
  const differing = writes.filter(({ id, rows }) => {
    const there = present.get(id)
    return there === undefined || !rowsEqual(child, rows, there)
  })
  await writeElements(tx, child, entity, differing)
}

/**
 * All but the growing arrays, with what is derived from them as it is now. The shell's own rows may be part of what is
 * derived (a reader's place), so after they were written it is derived once more: what is kept beside it would be stale.
 */
async function writeShell(
  tx: PoolClient,
  partial: PartialMapping,
  entity: string,
  present: EntityRows,
  shell: Document,
): Promise<boolean> {
  const [root, ...children] = partial.shellTables
  if (root === undefined) return false
  const tables = { table: root, tables: [root, ...children] }
  let held = present
  for (let round = 0; round < 2; round++) {
    const derived = await derivedValues(tx, partial, entity)
    const outcome = partial.mapShell(entity, shell, derived)
    if (outcome.kind === 'refused') return false
    if (rowsEqual(tables, outcome.rows, held)) break
    await writeEntities(tx, tables, [outcome.rows])
    held = outcome.rows
  }
  return true
}
