import { setMember } from '../bson-value.ts'
import type { CompiledField } from '../compiled-table.ts'
import type { Document } from '../types.ts'
import { cellWriter } from './cell-writer.ts'
import { exactValue, RAW, rawKeyEnd } from './raw-bson.ts'
import { openJson } from './raw-field.ts'
import type { RawIndex } from './raw-index.ts'
import { writeRawMembers } from './raw-json.ts'
import type { RawRow } from './raw-row.ts'
import type { ColumnWriter } from './raw-table.ts'

/** The writer of a json field that holds what no deeper path owns. */
export function restWriter(index: RawIndex, row: RawRow, field: CompiledField, slot: number): ColumnWriter {
  const { places } = index
  const [column] = field.columns
  const isRequired = column?.notNull === true
  const types = field.codec.raw.kind === 'json' ? field.codec.raw.types : undefined
  const starts = places.rest.get(slot) ?? []
  const write = cellWriter(column?.sqlType ?? 'jsonb')
  return (out, src) => {
    const isThere = places.types[slot] === RAW.document
    // Members in columns of their own make the container show; the index notes that in its offset.
    const mayBeNull = !isRequired && places.offsets[slot] === 1
    if (!isThere || (starts.length === 0 && mayBeNull)) {
      if (isRequired) return false
      out.null()
      return true
    }
    const before = out.at
    const from = openJson(out)
    if (writeRawMembers(out, src, starts, types)) {
      out.closeLength(from)
      return true
    }
    out.at = before
    const rest = membersAt(src, starts)
    if (rest === undefined || !row.decideRest(field, rest, mayBeNull)) return false
    const value = row.cell(column?.name ?? '')
    if (value === null && isRequired) return false
    write(out, value)
    return true
  }
}

/** The members that begin at these places; undefined where they are not sound, or are no members to the library. */
function membersAt(src: Buffer, starts: readonly number[]): Document | undefined {
  const members: Document = {}
  for (const start of starts) {
    const keyEnd = rawKeyEnd(src, start + 1, src.length)
    const key = src.toString('utf8', start + 1, keyEnd)
    const type = src[start] as number
    const value = exactValue(src, type, keyEnd + 1)
    const isSound = value !== undefined && !key.includes('\ufffd') && key !== '$ref'
    if (!isSound || Object.hasOwn(members, key)) return undefined
    setMember(members, key, value)
  }
  return members
}
