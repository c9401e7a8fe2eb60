import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { bsonTypeOf, entriesOf, getMember, MISSING, objectIdHex, setMember } from './bson-value.ts'
import { canonicalEquals } from './canonical-form.ts'
import type { CompiledChild, CompiledField, CompiledTable, PathNode } from './compiled-table.ts'
import { below, joinPath } from './path.ts'
import { nodesUnder } from './path-tree.ts'
import {
  finishDraft,
  keepAt,
  keepForm,
  keepFormJson,
  MISSING_FORM,
  type RowDraft,
  startDraft,
} from './row-draft.ts'
import type { Document, KeptValue, RefusalCode, Row } from './types.ts'
import { ValueRefusal } from './value-refusal.ts'

/** What of a table's fields and children the document holds. */
type Seen = Set<CompiledChild | CompiledField>

/** One document on its way to rows. */
export interface MapRun {
  id: string
  tables: Record<string, Row[]>
  kept: KeptValue[]
  forced: ReadonlyMap<string, RefusalCode>
  unmapped: 'extra' | 'quarantine'
  /** Growing children are mapped by themselves: their absence means nothing. */
  withoutGrowing?: boolean
}

/** Maps the root document; its row and those of its children land in `run.tables`. Throws a ValueRefusal. */
export function mapRoot(
  run: MapRun,
  table: CompiledTable,
  document: Document,
  finish: (draft: RowDraft) => void,
): void {
  const draft = startDraft(table, '', [])
  // The row's place comes before its children's in every case, so that parents stand first.
  const rows = run.tables[table.shape.name] as Row[]
  mapContent(run, draft, document)
  finish(draft)
  rows.push(finishDraft(draft))
}

function mapContent(run: MapRun, draft: RowDraft, document: unknown): void {
  const seen: Seen = new Set()
  mapMembers(run, draft, draft.table.root, document, seen, undefined)
  for (const child of draft.table.children) {
    if (seen.has(child) || child.kind === 'row' || child.empty === 'missing') continue
    if (run.withoutGrowing === true && child.table.growing !== undefined) continue
    // No rows would come back as [].
    keepFormJson(draft, child.path, MISSING_FORM)
  }
  for (const field of draft.table.fields) {
    if (field.empty === 'null' && !seen.has(field)) keepFormJson(draft, field.path, MISSING_FORM)
  }
}

/** Maps what a document or container holds; answers whether anything of it will show on the way back. */
function mapMembers(
  run: MapRun,
  draft: RowDraft,
  node: PathNode,
  document: unknown,
  seen: Seen,
  rest: Document | undefined,
): boolean {
  let shows = false
  for (const [key, value] of entriesOf(document)) {
    const member = node.members.get(key)
    if (member === undefined && rest !== undefined) setMember(rest, key, value)
    else if (member === undefined) {
      mapUnmapped(run, draft, below(node.path, key), value)
      shows = true
    } else if (!member.derived) {
      mapMember(run, draft, member, value, seen)
      shows = true
    }
  }
  return shows
}

function mapUnmapped(run: MapRun, draft: RowDraft, path: string, value: unknown): void {
  const forced = run.forced.get(draft.prefix + path)
  if (run.unmapped === 'quarantine') {
    throw new ValueRefusal(
      draft.prefix + path,
      'unmapped',
      'no field of the mapping owns this path',
      bsonTypeOf(value),
      true,
    )
  }
  run.kept.push(keepAt(draft, path, value, forced ?? 'unmapped'))
}

function mapMember(run: MapRun, draft: RowDraft, node: PathNode, value: unknown, seen: Seen): void {
  const owner = node.child ?? node.field
  if (owner !== undefined) seen.add(owner)
  const forced = run.forced.size === 0 ? undefined : run.forced.get(draft.prefix + node.path)
  if (forced !== undefined)
    keepInstead(run, draft, node, value, forced, 'the applier keeps it out of its column')
  else if (node.child !== undefined) mapChild(run, draft, node, node.child, value)
  else if (node.field !== undefined && !node.field.holdsRest) mapField(run, draft, node.field, value)
  else {
    const type = bsonTypeOf(value)
    if (type === 'document') mapContainer(run, draft, node, value, seen)
    else if (type === 'null' || type === 'undefined') keepForm(draft, node.path, value)
    else keepInstead(run, draft, node, value, 'type', `${type} where a document is expected`)
  }
}

function mapContainer(run: MapRun, draft: RowDraft, node: PathNode, value: unknown, seen: Seen): void {
  const field = node.field
  if (field === undefined) {
    if (!mapMembers(run, draft, node, value, seen, undefined)) keepForm(draft, node.path, {})
    return
  }
  const rest: Document = {}
  const shows = mapMembers(run, draft, node, value, seen, rest)
  const isWhole = keepUnfit(run, draft, field, rest)
  // Members in columns of their own make the container show, so an empty rest needs no cell. What was kept of the rest
  // itself comes back only beside one: it is stale where the application has taken the container away.
  if (shows && isWhole && Object.keys(rest).length === 0 && !field.columns[0]?.notNull) return
  mapField(run, draft, field, rest)
}

/** Moves those members out of the rest that its column cannot hold, each to `extra`; true if there are none. */
export function keepUnfit(run: MapRun, draft: RowDraft, field: CompiledField, rest: Document): boolean {
  if (!('refused' in field.codec.encode(rest, 'document'))) return true
  for (const [key, value] of Object.entries(rest)) {
    const part: Document = {}
    setMember(part, key, value)
    const encoded = field.codec.encode(part, 'document')
    if (!('refused' in encoded)) continue
    const path = below(field.path, key)
    if (field.codec.refused === 'quarantine') {
      throw new ValueRefusal(draft.prefix + path, encoded.refused, encoded.reason, bsonTypeOf(value), true)
    }
    run.kept.push(keepAt(draft, path, value, encoded.refused))
    delete rest[key]
  }
  return false
}

/** Maps the value of one field into the draft. Throws a ValueRefusal. */
export function mapField(run: MapRun, draft: RowDraft, field: CompiledField, value: unknown): void {
  const type = bsonTypeOf(value)
  if (type === 'null' || type === 'undefined') {
    if (type !== field.empty) keepForm(draft, field.path, value)
    return
  }
  const encoded = field.codec.encode(value, type)
  if ('refused' in encoded) {
    keepFieldInstead(run, draft, field, value, encoded.refused, encoded.reason)
    return
  }
  for (const [i, column] of field.columns.entries()) draft.row[column.name] = encoded.cells[i] ?? null
  for (const leaf of field.codec.leafForms?.(value) ?? []) {
    keepForm(draft, joinPath([...field.segments, ...leaf.path]), leaf.value)
  }
  const isExact = encoded.exact ?? canonicalEquals(field.codec.decode(encoded.cells), value)
  if (!isExact) keepForm(draft, field.path, value)
}

function keepFieldInstead(
  run: MapRun,
  draft: RowDraft,
  field: CompiledField,
  value: unknown,
  code: RefusalCode,
  reason: string,
): void {
  if (field.refused === 'quarantine') {
    const final = field.codec.refused === 'quarantine'
    throw new ValueRefusal(draft.prefix + field.path, code, reason, bsonTypeOf(value), final)
  }
  run.kept.push(keepAt(draft, field.path, value, code))
}

/** Keeps the value of a whole subtree in `extra`, where its columns may all stay null. */
function keepInstead(
  run: MapRun,
  draft: RowDraft,
  node: PathNode,
  value: unknown,
  code: RefusalCode,
  reason: string,
): void {
  for (const { field } of [node, ...nodesUnder(node)]) {
    if (field?.refused !== 'quarantine') continue
    const final = field.codec.refused === 'quarantine'
    throw new ValueRefusal(draft.prefix + node.path, code, reason, bsonTypeOf(value), final)
  }
  run.kept.push(keepAt(draft, node.path, value, code))
}

/** Maps a child's value: rows in `run.tables`, or what is kept instead in the draft. Throws a ValueRefusal. */
export function mapChild(
  run: MapRun,
  draft: RowDraft,
  node: PathNode,
  child: CompiledChild,
  value: unknown,
): void {
  const type = bsonTypeOf(value)
  if (type === 'null' || type === 'undefined') {
    keepForm(draft, child.path, value)
    return
  }
  const expected = child.kind === 'row' ? 'document' : 'array'
  const elements = child.kind === 'row' ? [value] : (value as unknown[])
  if (type === expected && elements.length === 0) {
    if (child.empty === 'missing') keepForm(draft, child.path, value)
    return
  }
  const before = checkpoint(run)
  try {
    if (type !== expected) {
      throw new ValueRefusal(draft.prefix + child.path, 'type', `${type} where ${expected} is expected`, type)
    }
    if (child.table.growing !== undefined) refuseSameIds(draft.prefix + child.path, elements)
    for (const [i, element] of elements.entries()) mapElement(run, draft, child, element, i)
  } catch (refusal) {
    if (!(refusal instanceof ValueRefusal) || refusal.final || child.refused === 'quarantine') throw refusal
    rollBack(run, before)
    keepInstead(run, draft, node, value, refusal.code, refusal.message)
  }
}

/** Elements of a growing child are told apart by `_id`: without one, or with one twice, they cannot be. */
function refuseSameIds(path: string, elements: readonly unknown[]): void {
  const ids = new Set(elements.map((element, i) => elementId(element, `${path}.${i}`)))
  if (ids.size === elements.length) return
  throw new ValueRefusal(path, 'unique', 'two elements have the same _id', 'array')
}

function elementId(element: unknown, path: string): string {
  const id = bsonTypeOf(element) === 'document' ? getMember(element as Document, '_id') : MISSING
  const type = id === MISSING ? 'missing' : bsonTypeOf(id)
  if (type === 'objectId') return uuidFromObjectId(objectIdHex(id))
  throw new ValueRefusal(`${path}._id`, 'type', `${type} where an ObjectId is expected`, type)
}

/** One element of a growing child, away from its document. */
export function mapGrowingElement(
  run: MapRun,
  root: CompiledTable,
  child: CompiledChild,
  element: unknown,
): void {
  const parent = startDraft(root, '', [])
  elementId(element, child.path)
  mapElement(run, parent, child, element, 0)
}

function mapElement(
  run: MapRun,
  parent: RowDraft,
  child: CompiledChild,
  element: unknown,
  index: number,
): void {
  const { table, kind } = child
  const path = parent.prefix + child.path
  const prefix = kind === 'row' ? `${path}.` : `${path}.${index}.`
  const place = table.growing === undefined ? index : elementId(element, prefix.slice(0, -1))
  const draft = startDraft(table, prefix, kind === 'rows' ? [...parent.chain, place] : parent.chain)
  if (table.parent !== undefined) draft.row[table.parent] = run.id
  for (const [i, column] of table.within.entries()) draft.row[column] = parent.chain[i] ?? null
  if (table.ordinal !== undefined) draft.row[table.ordinal] = index
  // From 1 on, so that 0 can mean "nothing yet"; what counts is the order.
  if (table.growing !== undefined)
    draft.row[table.growing.seq] = table.growing.seqIsText ? String(index + 1) : index + 1
  const [scalar] = table.fields
  if (kind === 'values' && scalar !== undefined) mapField(run, draft, scalar, element)
  else {
    const type = bsonTypeOf(element)
    if (type !== 'document')
      throw new ValueRefusal(prefix.slice(0, -1), 'type', `${type} where a document is expected`, type)
    mapContent(run, draft, element)
  }
  ;(run.tables[table.shape.name] as Row[]).push(finishDraft(draft))
}

function checkpoint(run: MapRun): { kept: number; rows: [Row[], number][] } {
  return { kept: run.kept.length, rows: Object.values(run.tables).map((rows) => [rows, rows.length]) }
}

function rollBack(run: MapRun, before: ReturnType<typeof checkpoint>): void {
  run.kept.length = before.kept
  for (const [rows, length] of before.rows) rows.length = length
}
