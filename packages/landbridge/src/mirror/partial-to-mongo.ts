import type { ClientSession, Collection, UpdateFilter } from 'mongodb'
import { objectIdFromUuid } from '../identity/object-id-uuid.ts'
import type { Document, Mapping } from '../mapping/types.ts'
import { type ArrayChange, planArrayChange } from './array-change.ts'
import { type DroppedPaths, documentChange, droppedPathsInside, droppedPathsOf } from './document-change.ts'
import { isTooLarge, refuseTooLarge, sizeOf, tooLarge } from './document-size.ts'
import type { EntityState } from './entity-state.ts'
import type { ListedArray, PartialState } from './partial-state.ts'
import { type ArrayAnswer, type DocumentParts, parseParts, partsPipeline } from './read-parts.ts'

/** What was written of a document. */
export interface PartialWrite {
  isEqual: boolean
  /** The document's size afterwards, or a little more; undefined where it was not measured. */
  bytes: number | undefined
}

/**
 * Writes of a document what its entity's outbox rows name: the shell, and elements of growing arrays. What an array
 * holds is asked in the transaction's snapshot, in which places stand still. Undefined, with nothing written, where the
 * document must be written whole: it is absent, or differs in more than the named elements.
 */
export async function writeParts(
  documents: Collection<Document>,
  session: ClientSession,
  mapping: Mapping,
  state: EntityState,
  parts: PartialState,
  options: { measure: boolean },
): Promise<PartialWrite | undefined> {
  const held = await readHeld(documents, session, state, parts, options)
  if (held === undefined) return undefined
  const wanted: Document = { ...parts.partial.rebuildShell(parts.shell, parts.derived), _id: state.legacyId }
  const change = documentChange(held.shell, wanted, droppedPathsOf(mapping))
  if (change.kind === 'replace') return undefined
  const steps: UpdateSteps = { first: change.kind === 'none' ? {} : change.update, later: [] }
  const changed: DocumentGrowth = {
    most: change.kind === 'none' ? 0 : sizeOf(wanted),
    least: -sizeOf(held.shell),
  }
  for (const [i, array] of parts.arrays.entries()) {
    const answer = held.arrays[i]
    const plan = answer === undefined ? undefined : planOf(array, answer)
    if (answer === undefined || plan === undefined) return undefined
    const growth = addSteps(steps, array, plan, answer, droppedPathsInside(mapping, array.child.path))
    changed.most += growth.most
    changed.least += growth.least
  }
  const { bytes } = held
  if (bytes !== undefined) refuseTooLarge(mapping.collection, state.legacyId, bytes + changed.least)
  const updates = [steps.first, ...steps.later].filter((update) => Object.keys(update).length > 0)
  const writing = { session, bypassDocumentValidation: true }
  for (const update of updates) {
    await documents
      .updateOne({ _id: state.legacyId as never }, update as UpdateFilter<Document>, writing)
      .catch((error: unknown) => rethrow(error, mapping, state))
  }
  return { isEqual: updates.length === 0, bytes: bytes === undefined ? undefined : bytes + changed.most }
}

/** One update that sets and deletes, then those that one update cannot name together with it. */
interface UpdateSteps {
  first: { $set?: Document; $unset?: Document; $push?: Document; $pull?: Document }
  later: Document[]
}

/** By how many bytes a document changes: bounds, because places and keys count, too. */
interface DocumentGrowth {
  most: number
  least: number
}

async function readHeld(
  documents: Collection<Document>,
  session: ClientSession,
  state: EntityState,
  parts: PartialState,
  options: { measure: boolean },
): Promise<DocumentParts | undefined> {
  const questions = parts.arrays.map((array) => {
    const uuids = uuidsOf(array)
    const named = new Set(array.ids)
    return {
      path: array.child.path,
      find: uuids.map(objectIdFromUuid),
      read: uuids.map((id) => named.has(id) && array.rows.has(id)),
    }
  })
  const pipeline = [{ $match: { _id: state.legacyId } }, ...partsPipeline(questions, options)]
  const [raw] = (await documents
    .aggregate(pipeline, { session, raw: true })
    .toArray()) as unknown as Uint8Array[]
  return raw === undefined ? undefined : parseParts(raw)
}

/** The server says that a document becomes too large, but not which. */
function rethrow(error: unknown, { collection }: Mapping, { legacyId }: EntityState): never {
  throw isTooLarge(error) ? tooLarge(collection, legacyId, undefined, error) : error
}

/** The named elements and their neighbours, in the order in which they are asked for. */
function uuidsOf({ ids, places }: ListedArray): string[] {
  const neighbours = places.flatMap(({ before, after }) => [before, after])
  return [...new Set([...ids, ...neighbours.filter((id) => id !== null)])]
}

function planOf(array: ListedArray, answer: ArrayAnswer): ArrayChange | undefined {
  const at = new Map<string, number>()
  for (const [i, id] of uuidsOf(array).entries()) {
    const place = answer.found[i]?.at ?? -1
    if (place >= 0) at.set(id, place)
  }
  return planArrayChange(array.ids, array.places, { size: answer.size, at })
}

function addSteps(
  steps: UpdateSteps,
  array: ListedArray,
  plan: ArrayChange,
  answer: ArrayAnswer,
  dropped: DroppedPaths,
): DocumentGrowth {
  const { path } = array.child
  const inserted = plan.inserted.map(({ ids, at }) => ({
    $each: ids.map((id) => elementOf(array, id)),
    ...(at === undefined ? {} : { $position: at }),
  }))
  const insertedBytes = inserted.reduce(
    (sum, { $each }) => sum + $each.reduce((all, each) => all + sizeOf(each), 0),
    0,
  )
  // What is deleted has not been read; then only the server can say.
  const growth: DocumentGrowth = {
    // An element's type and key stand before it.
    most: insertedBytes + inserted.length * 16,
    least: plan.deleted.length > 0 ? -Infinity : insertedBytes,
  }
  const uuids = uuidsOf(array)
  let isSet = false
  for (const { id, at } of plan.kept) {
    const current = answer.found[uuids.indexOf(id)]?.element
    const wanted = elementOf(array, id)
    const change = current === undefined ? undefined : documentChange(current, wanted, dropped)
    if (change === undefined || change.kind === 'none') continue
    isSet = true
    growth.most += sizeOf(wanted)
    growth.least -= current === undefined ? 0 : sizeOf(current)
    if (change.kind === 'replace') put(steps.first, '$set', `${path}.${at}`, change.document)
    else {
      for (const [key, value] of Object.entries(change.update.$set ?? {}))
        put(steps.first, '$set', `${path}.${at}.${key}`, value)
      for (const key of Object.keys(change.update.$unset ?? {}))
        put(steps.first, '$unset', `${path}.${at}.${key}`, '')
    }
  }
  const pull = { $pull: { [path]: { _id: { $in: plan.deleted.map(objectIdFromUuid) } } } }
  const updates = [
    ...(plan.deleted.length > 0 ? [pull] : []),
    ...inserted.map((push) => ({ $push: { [path]: push } })),
  ]
  // One update may name an array once; most of them append one element and set some fields of the shell.
  const [next, ...rest] = updates
  if (next !== undefined && !isSet) {
    for (const [operator, fields] of Object.entries(next))
      for (const [key, value] of Object.entries(fields)) put(steps.first, operator, key, value)
    steps.later.push(...rest)
  } else steps.later.push(...updates)
  return growth
}

function elementOf({ child, rows }: ListedArray, id: string): Document {
  const own = rows.get(id)
  if (own === undefined) throw new Error(`${child.table.name} ${id} was not read with its place`)
  return child.rebuild(own)
}

function put(update: Document, operator: string, key: string, value: unknown): void {
  const fields = (update[operator] ?? {}) as Document
  fields[key] = value
  update[operator] = fields
}
