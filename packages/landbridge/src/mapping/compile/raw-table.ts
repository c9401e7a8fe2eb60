import type { CompiledChild, CompiledField, CompiledTable } from '../compiled-table.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { RAW, rawKeyEnd } from './raw-bson.ts'
import { openJson, rawCellWriter, writeRawUuid } from './raw-field.ts'
import { compileIndex, type RawIndex } from './raw-index.ts'
import { memberStarts, writeRawMembers } from './raw-json.ts'

/** Where an element stands within its entity. */
interface Position {
  /** Where the root's ObjectId begins. */
  idAt: number
  /** Ordinals of the enclosing `rows` elements, and of this one. */
  chain: number[]
  ordinal: number
}

/** Walks one document or element into the payload of its table, and its children into theirs; false if unusual. */
export type RawTableWriter = (src: Buffer, type: number, at: number, position: Position) => boolean

type ColumnWriter = (out: CopyBuffer, src: Buffer, position: Position) => boolean

export function compileRawTable(
  table: CompiledTable,
  buffers: ReadonlyMap<string, CopyBuffer>,
): RawTableWriter {
  const out = buffers.get(table.shape.name) as CopyBuffer
  const [scalar] = table.fields
  if (table.shape.kind === 'values' && scalar !== undefined) return compileScalarRow(table, scalar, out)
  const index = compileIndex(table)
  const columns = columnWriters(table, (field, cell) => placedWriter(index, field, cell))
  const children = table.children.map((child) => compileChild(child, index, buffers))
  return (src, type, at, position) => {
    if (type !== RAW.document || !index.find(src, at)) return false
    out.startRow(columns.length)
    for (const write of columns) if (!write(out, src, position)) return false
    for (const write of children) if (!write(src, position)) return false
    return true
  }
}

/** An element of `values`: its row is the scalar and its place. */
function compileScalarRow(table: CompiledTable, scalar: CompiledField, out: CopyBuffer): RawTableWriter {
  let [valueType, valueAt] = [0, 0]
  const columns = columnWriters(table, (_field, cell) => {
    const write = rawCellWriter(scalar, cell)
    return (buffer, src) => write(buffer, src, valueType, valueAt)
  })
  return (src, type, at, position) => {
    if (type === RAW.null || type === RAW.undefined) return false
    valueType = type
    valueAt = at
    out.startRow(columns.length)
    for (const write of columns) if (!write(out, src, position)) return false
    return true
  }
}

/** One writer a column, in the table's order. */
function columnWriters(
  table: CompiledTable,
  fieldWriter: (field: CompiledField, cell: number) => ColumnWriter,
): ColumnWriter[] {
  const byName = new Map<string, ColumnWriter>()
  for (const field of table.fields) {
    for (const [cell, column] of field.columns.entries()) byName.set(column.name, fieldWriter(field, cell))
  }
  if (table.parent !== undefined)
    byName.set(table.parent, (out, src, { idAt }) => writeRawUuid(out, src, idAt))
  if (table.ordinal !== undefined)
    byName.set(table.ordinal, (out, _src, { ordinal }) => writeOrdinal(out, ordinal))
  for (const [depth, name] of table.within.entries()) {
    byName.set(name, (out, _src, { chain }) => writeOrdinal(out, chain[depth] ?? 0))
  }
  // What needs nothing in `extra` has null there.
  return table.shape.columns.map(({ name }) => byName.get(name) ?? writeNull)
}

const writeNull: ColumnWriter = (out) => {
  out.null()
  return true
}

function writeOrdinal(out: CopyBuffer, ordinal: number): true {
  out.int32(4)
  out.int32(ordinal)
  return true
}

/** The writer of a field's cell, from where the index found the field. */
function placedWriter(index: RawIndex, field: CompiledField, cell: number): ColumnWriter {
  const { places } = index
  const slot = index.slotOf(field.path)
  const isRequired = field.columns[cell]?.notNull === true
  if (field.holdsRest) return restWriter(index, field, slot, isRequired)
  const write = rawCellWriter(field, cell)
  // What null columns mean: nothing there, or null.
  const emptyType = field.empty === 'null' ? RAW.null : 0
  return (out, src) => {
    const type = places.types[slot] as number
    const isEmpty = type === emptyType
    if (!isEmpty && type !== 0) return write(out, src, type, places.offsets[slot] as number)
    if (isRequired || !isEmpty) return false
    out.null()
    return true
  }
}

function restWriter(index: RawIndex, field: CompiledField, slot: number, isRequired: boolean): ColumnWriter {
  const { places } = index
  const types = field.codec.raw?.kind === 'json' ? field.codec.raw.types : undefined
  const starts = places.rest.get(slot) ?? []
  return (out, src) => {
    const isThere = places.types[slot] !== 0
    // Members in columns of their own make the container show; the index notes that in its offset.
    const needsNothing = !isThere || (starts.length === 0 && places.offsets[slot] === 1)
    if (needsNothing && (!isThere || !isRequired)) {
      if (isRequired) return false
      out.null()
      return true
    }
    const from = openJson(out)
    if (!writeRawMembers(out, src, starts, types)) return false
    out.closeLength(from)
    return true
  }
}

function compileChild(
  child: CompiledChild,
  index: RawIndex,
  buffers: ReadonlyMap<string, CopyBuffer>,
): (src: Buffer, position: Position) => boolean {
  const { places } = index
  const slot = index.slotOf(child.path)
  const write = compileRawTable(child.table, buffers)
  const mayBeMissing = child.kind === 'row' || child.empty === 'missing'
  return (src, position) => {
    const type = places.types[slot] as number
    const at = places.offsets[slot] as number
    if (type === 0) return mayBeMissing
    if (child.kind === 'row') return write(src, type, at, { ...position, ordinal: 0 })
    if (type !== RAW.array) return false
    const starts = memberStarts(src, at)
    if (starts === undefined || (starts.length === 0 && mayBeMissing)) return false
    for (let ordinal = 0; ordinal < starts.length; ordinal++) {
      const start = starts[ordinal] as number
      const chain = child.kind === 'rows' ? [...position.chain, ordinal] : position.chain
      const valueAt = rawKeyEnd(src, start + 1, src.length) + 1
      if (!write(src, src[start] as number, valueAt, { idAt: position.idAt, chain, ordinal })) return false
    }
    return true
  }
}
