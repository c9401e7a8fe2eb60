import { bsonTypeOf, getMember, MISSING, setMember } from './bson-value.ts'
import type { CompiledChild, CompiledField, CompiledTable } from './compiled-table.ts'
import { restoreValue } from './kept-value.ts'
import { MappingError } from './mapping-error.ts'
import { splitPath } from './path.ts'
import { resolve } from './path-tree.ts'
import { pgValueEquals } from './pg-value.ts'
import type { Document, EntityRows, Json, PgValue, Row } from './types.ts'

/** What a row's `extra` holds, and which entries are used up. */
interface Extra {
  kept: Map<string, Json>
  forms: Map<string, Json>
}

/** Rows of child tables by their enclosing ordinals, in order. */
type ChildRows = Map<CompiledTable, Map<string, Row[]>>

/** The document of these rows, without what is derived. Entries of `extra` that the row has outgrown are ignored. */
export function rebuildRoot(
  table: CompiledTable,
  rows: EntityRows,
): { document: Document; forms: Map<string, Json> } {
  const [row, second] = rows.tables[table.shape.name] ?? []
  if (row === undefined || second !== undefined) {
    throw new MappingError(
      'row-not-mappable',
      `entity ${rows.id} has not exactly one row in ${table.shape.name}`,
    )
  }
  const extra = readExtra(table, row)
  const forms = new Map(extra.forms)
  return { document: rebuildContent(table, row, [], groupChildren(table, rows), extra), forms }
}

function rebuildContent(
  table: CompiledTable,
  row: Row,
  chain: PgValue[],
  children: ChildRows,
  extra: Extra,
): Document {
  const document: Document = {}
  for (const field of table.fields) {
    const value = fieldValue(field, row, extra)
    if (value !== MISSING) setAt(table, document, field.segments, value)
  }
  applyLeafForms(table, row, document, extra)
  for (const child of table.children) {
    const value = childValue(child, chain, children, extra)
    if (value !== MISSING) setAt(table, document, child.segments, value)
  }
  restoreUnmapped(table, document, extra)
  restoreContainers(table, document, extra)
  return document
}

/** The value of a field: its form if that fits the cells, a kept value if they are null, else the default. */
function fieldValue(field: CompiledField, row: Row, extra: Extra): unknown {
  const cells = field.columns.map((column) => row[column.name] ?? null)
  const isNull = cells.every((cell) => cell === null)
  if (field.holdsRest) return isNull ? MISSING : field.codec.decode(cells)
  const form = take(extra.forms, field.path)
  const kept = take(extra.kept, field.path)
  if (form !== undefined) {
    const value = restoreForm(form)
    if (formFits(field, value, cells, isNull)) return value
  }
  if (!isNull) return field.codec.decode(cells)
  if (kept !== undefined) return restoreKept(kept)
  return field.empty === 'null' ? null : MISSING
}

function formFits(field: CompiledField, value: unknown, cells: PgValue[], isNull: boolean): boolean {
  if (value === MISSING) return isNull
  const type = bsonTypeOf(value)
  if (type === 'null' || type === 'undefined') return isNull
  const encoded = field.codec.encode(value, type)
  if ('refused' in encoded) return false
  return field.columns.every(({ sqlType }, i) =>
    pgValueEquals(sqlType, encoded.cells[i] ?? null, cells[i] ?? null),
  )
}

function applyLeafForms(table: CompiledTable, row: Row, document: Document, extra: Extra): void {
  for (const [path, form] of extra.forms) {
    const { node, rest } = resolve(table.root, splitPath(path))
    const field = node.field
    if (field?.codec.applyLeafForm === undefined || rest.length === 0) continue
    const decoded = getAt(document, field.segments)
    const cells = field.columns.map((column) => row[column.name] ?? null)
    if (decoded !== MISSING && cells[0] !== null) {
      field.codec.applyLeafForm(decoded, cells, { path: rest, value: restoreValue(form) })
    }
  }
}

function childValue(child: CompiledChild, chain: PgValue[], children: ChildRows, extra: Extra): unknown {
  const form = take(extra.forms, child.path)
  const kept = take(extra.kept, child.path)
  const rows = children.get(child.table)?.get(chain.join()) ?? []
  const [first] = rows
  if (first === undefined) {
    if (form !== undefined) return restoreForm(form)
    if (kept !== undefined) return restoreKept(kept)
    return child.kind === 'row' || child.empty === 'missing' ? MISSING : []
  }
  return child.kind === 'row'
    ? rebuildElement(child, first, chain, children)
    : rows.map((row) => rebuildElement(child, row, chain, children))
}

function rebuildElement(child: CompiledChild, row: Row, chain: PgValue[], children: ChildRows): unknown {
  const { table } = child
  const extra = readExtra(table, row)
  if (child.kind === 'values') {
    const value = fieldValue(table.fields[0] as CompiledField, row, extra)
    return value === MISSING ? null : value
  }
  const place = table.growing?.id ?? table.ordinal
  const at = place === undefined ? null : (row[place] ?? null)
  return rebuildContent(table, row, child.kind === 'rows' ? [...chain, at] : chain, children, extra)
}

/** Puts back what no field owns. */
function restoreUnmapped(table: CompiledTable, document: Document, extra: Extra): void {
  for (const [path, kept] of extra.kept) {
    const segments = splitPath(path)
    const { node, rest } = resolve(table.root, segments)
    // A container's own entry comes later; one under a value or an array belongs to an older mapping.
    const isContainer = node.child === undefined && (node.field === undefined || node.field.holdsRest)
    if (rest.length === 0 || !isContainer) continue
    // Part of a json field's rest: the container is there in every row that this was kept beside.
    if (node.field !== undefined && getAt(document, node.field.segments) === MISSING) continue
    if (getAt(document, segments) === MISSING) setAt(table, document, segments, restoreKept(kept))
  }
}

/** Containers that are empty, null, or something else than a document: only where nothing mapped shows in them. */
function restoreContainers(table: CompiledTable, document: Document, extra: Extra): void {
  for (const { path, segments } of table.containers) {
    if (getAt(document, segments) !== MISSING) continue
    const form = extra.forms.get(path)
    const kept = extra.kept.get(path)
    if (form !== undefined) setAt(table, document, segments, restoreForm(form))
    else if (kept !== undefined) setAt(table, document, segments, restoreKept(kept))
  }
}

function restoreForm(form: Json): unknown {
  return form !== null && typeof form === 'object' && '$missing' in form ? MISSING : restoreValue(form)
}

function restoreKept(kept: Json): unknown {
  return restoreValue((kept as { value: Json }).value)
}

function readExtra(table: CompiledTable, row: Row): Extra {
  const extra = table.extra === undefined ? null : (row[table.extra] as { [key: string]: Json } | null)
  const { $form: forms = {}, ...kept } = extra ?? {}
  return {
    kept: new Map(Object.entries(kept)),
    forms: new Map(Object.entries(forms as { [key: string]: Json })),
  }
}

function take(entries: Map<string, Json>, path: string): Json | undefined {
  const entry = entries.get(path)
  if (entry !== undefined) entries.delete(path)
  return entry
}

function groupChildren(table: CompiledTable, rows: EntityRows, groups: ChildRows = new Map()): ChildRows {
  for (const { table: child } of table.children) {
    const group = new Map<string, Row[]>()
    for (const row of rows.tables[child.shape.name] ?? []) {
      const key = child.within.map((column) => row[column]).join()
      const siblings = group.get(key)
      if (siblings === undefined) group.set(key, [row])
      else siblings.push(row)
    }
    for (const siblings of group.values()) sortSiblings(child, siblings)
    groups.set(child, group)
    groupChildren(child, rows, groups)
  }
  return groups
}

function sortSiblings({ ordinal, growing }: CompiledTable, siblings: Row[]): void {
  if (ordinal !== undefined) siblings.sort((a, b) => (a[ordinal] as number) - (b[ordinal] as number))
  if (growing === undefined) return
  const { seq, id } = growing
  siblings.sort((a, b) => compareSeq(a[seq], b[seq]) || (String(a[id]) < String(b[id]) ? -1 : 1))
}

/** bigint columns come as text. */
function compareSeq(a: PgValue | undefined, b: PgValue | undefined): number {
  const [x, y] = [BigInt(a as string | number), BigInt(b as string | number)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** One element of a growing child from its row and those inside of it. */
export function rebuildGrowingElement(child: CompiledChild, rows: EntityRows): Document {
  const [row] = rows.tables[child.table.shape.name] ?? []
  if (row === undefined) throw new MappingError('row-not-mappable', `no row in ${child.table.shape.name}`)
  return rebuildElement(child, row, [], groupChildren(child.table, rows)) as Document
}

function getAt(document: Document, segments: readonly string[]): unknown {
  let here: unknown = document
  for (const segment of segments) {
    if (bsonTypeOf(here) !== 'document') return MISSING
    here = getMember(here as Document, segment)
    if (here === MISSING) return MISSING
  }
  return here
}

function setAt(table: CompiledTable, document: Document, segments: readonly string[], value: unknown): void {
  let here = document
  for (const segment of segments.slice(0, -1)) {
    let next = getMember(here, segment)
    if (next === MISSING) {
      next = {}
      setMember(here, segment, next)
    }
    if (bsonTypeOf(next) !== 'document') {
      const at = segments.join('.')
      throw new MappingError(
        'row-not-mappable',
        `table ${table.shape.name}: "${at}" has a value, but the json column above it holds no object`,
      )
    }
    here = next as Document
  }
  const last = segments.at(-1)
  if (last !== undefined && value !== MISSING) setMember(here, last, value)
}
