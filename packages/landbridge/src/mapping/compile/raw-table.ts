import type { CompiledField, CompiledTable } from '../compiled-table.ts'
import { rootIdColumn } from '../define-mapping.ts'
import type { MapRun } from '../map-document.ts'
import type { Mapping } from '../types.ts'
import { cellWriter, writeUuid } from './cell-writer.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { RAW } from './raw-bson.ts'
import { compileRawChild } from './raw-child.ts'
import { rawCellWriter, writeRawUuid } from './raw-field.ts'
import { compileIndex, type RawIndex } from './raw-index.ts'
import { restWriter } from './raw-rest.ts'
import { RawRow } from './raw-row.ts'

/** Where an element stands within its entity. */
export interface Position {
  /** Where the root's ObjectId begins. */
  idAt: number
  /** The uuid of the root where it is not derived from an ObjectId. */
  entity: string | undefined
  /** Where the ObjectId of the enclosing element of a growing child begins. */
  elementAt: number
  /** Ordinals of the enclosing `rows` elements, and of this one. */
  chain: number[]
  ordinal: number
}

/** Walks one document or element into the payload of its table, and its children into theirs; false if unusual. */
export type RawTableWriter = (src: Buffer, type: number, at: number, position: Position) => boolean

export interface RawPlan {
  identity: Mapping['identity']
  unmapped: MapRun['unmapped']
  buffers: ReadonlyMap<string, CopyBuffer>
  /** Notes derived paths in the root's row. */
  keepDerived?: (src: Buffer, row: RawRow) => boolean
}

export type ColumnWriter = (out: CopyBuffer, src: Buffer, position: Position) => boolean

export function compileRawTable(table: CompiledTable, plan: RawPlan): RawTableWriter {
  const out = plan.buffers.get(table.shape.name) as CopyBuffer
  const row = new RawRow(table, plan.unmapped)
  if (table.shape.kind === 'values') return compileScalarRow(table, plan, row, out)
  const index = compileIndex(table)
  const { places } = index
  const columns = columnWriters(table, plan, (field, cell) => placedWriter(index, row, field, cell))
  const emptyNulls = table.fields.filter((field) => field.empty === 'null')
  const slots = emptyNulls.map((field) => index.slotOf(field.path))
  const children = table.children.map((child) => compileRawChild(child, table, index, row, plan))
  return (src, type, at, position) => {
    if (type !== RAW.document || !index.find(src, at)) return false
    row.begin()
    out.startRow(columns.length + (table.extra === undefined ? 0 : 1))
    for (const write of columns) if (!write(out, src, position)) return false
    for (const each of places.unknown) {
      if (!row.keepUnknown(src, each.path, each.type, each.at)) return false
    }
    for (const each of places.empty) if (!row.keepEmpty(each.path, each.type)) return false
    for (const write of children) if (!write(src, position)) return false
    for (const [i, field] of emptyNulls.entries()) {
      if (places.types[slots[i] as number] === 0 && !row.keepMissing(field.path)) return false
    }
    if (table.shape.kind === 'root' && plan.keepDerived?.(src, row) === false) return false
    if (table.extra !== undefined) writeExtra(out, row.extra())
    return true
  }
}

const writeExtra = cellWriter('jsonb')

/** An element of `values`: its row is the scalar and its place. */
function compileScalarRow(table: CompiledTable, plan: RawPlan, row: RawRow, out: CopyBuffer): RawTableWriter {
  let [valueType, valueAt] = [0, 0]
  const columns = columnWriters(table, plan, (field, cell) => {
    const write = fieldWriter(row, field, cell)
    return (buffer, src) => write(buffer, src, valueType, valueAt)
  })
  return (src, type, at, position) => {
    valueType = type
    valueAt = at
    row.begin()
    out.startRow(columns.length + (table.extra === undefined ? 0 : 1))
    for (const write of columns) if (!write(out, src, position)) return false
    if (table.extra !== undefined) writeExtra(out, row.extra())
    return true
  }
}

/** One writer a column, in the table's order, without `extra`. */
function columnWriters(
  table: CompiledTable,
  plan: RawPlan,
  writerOf: (field: CompiledField, cell: number) => ColumnWriter,
): ColumnWriter[] {
  const byName = new Map<string, ColumnWriter>()
  for (const field of table.fields) {
    for (const [cell, column] of field.columns.entries()) byName.set(column.name, writerOf(field, cell))
  }
  if (table.shape.kind === 'root' && plan.identity === 'id-map') byName.set(rootIdColumn(table), writeEntity)
  if (table.parent !== undefined)
    byName.set(table.parent, plan.identity === 'id-map' ? writeEntity : writeRootId)
  if (table.ordinal !== undefined) byName.set(table.ordinal, writeOrdinal)
  if (table.growing !== undefined)
    byName.set(table.growing.seq, table.growing.seqIsText ? writeLongSeq : writeSeq)
  for (const [depth, name] of table.within.entries()) {
    const isElement = depth === 0 && table.shape.element !== undefined
    byName.set(name, isElement ? writeElementId : (out, _src, { chain }) => writeInt(out, chain[depth] ?? 0))
  }
  return table.shape.columns
    .filter(({ name }) => name !== table.extra)
    .map(({ name }) => byName.get(name) ?? writeNull)
}

const writeNull: ColumnWriter = (out) => {
  out.null()
  return true
}

const writeEntity: ColumnWriter = (out, _src, { entity }) => {
  if (entity === undefined) return false
  writeUuid(out, entity)
  return true
}

const writeRootId: ColumnWriter = (out, src, { idAt }) => writeRawUuid(out, src, idAt)
const writeElementId: ColumnWriter = (out, src, { elementAt }) => writeRawUuid(out, src, elementAt)
const writeOrdinal: ColumnWriter = (out, _src, { ordinal }) => writeInt(out, ordinal)
// From 1 on, as in `mapElement`.
const writeSeq: ColumnWriter = (out, _src, { ordinal }) => writeInt(out, ordinal + 1)

const writeLongSeq: ColumnWriter = (out, _src, { ordinal }) => {
  out.int32(8)
  out.int32(0)
  out.int32(ordinal + 1)
  return true
}

function writeInt(out: CopyBuffer, value: number): true {
  out.int32(4)
  out.int32(value)
  return true
}

/** The writer of a field's cell, from where the index found the field. */
function placedWriter(index: RawIndex, row: RawRow, field: CompiledField, cell: number): ColumnWriter {
  const { places } = index
  const slot = index.slotOf(field.path)
  const isRequired = field.columns[cell]?.notNull === true
  if (field.holdsRest) return restWriter(index, row, field, slot)
  const write = fieldWriter(row, field, cell)
  return (out, src) => {
    const type = places.types[slot] as number
    if (type !== 0) return write(out, src, type, places.offsets[slot] as number)
    if (isRequired) return false
    out.null()
    return true
  }
}

/** The writer of a field's cell: as it is walked, or over the codec. */
function fieldWriter(
  row: RawRow,
  field: CompiledField,
  cell: number,
): (out: CopyBuffer, src: Buffer, type: number, at: number) => boolean {
  const column = field.columns[cell]
  const walk = rawCellWriter(field, cell)
  const write = cellWriter(column?.sqlType ?? 'text')
  const name = column?.name ?? ''
  return (out, src, type, at) => {
    if (type === RAW.null && field.empty === 'null' && column?.notNull !== true) {
      out.null()
      return true
    }
    const before = out.at
    // Null is never a value of a codec, though JSON could tell it.
    if (type !== RAW.null && walk(out, src, type, at)) return true
    out.at = before
    if (!row.decide(field, src, type, at)) return false
    const value = row.cell(name)
    if (value === null && column?.notNull === true) return false
    return row.attempt(() => {
      write(out, value)
      return true
    })
  }
}
