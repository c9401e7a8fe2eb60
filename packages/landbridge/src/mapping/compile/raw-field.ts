import { isUtf8 } from 'node:buffer'
import { bsonTypeOf } from '../bson-value.ts'
import { canonicalEquals } from '../canonical-form.ts'
import type { Codec } from '../codecs/codec.ts'
import { FIRST_TIMESTAMP_MS, LAST_TIMESTAMP_MS } from '../codecs/timestamp.ts'
import type { CompiledField } from '../compiled-table.ts'
import type { TypesNode } from '../natural-json.ts'
import { cellWriter, writeBoolean, writeTimestamp } from './cell-writer.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { arrayWriter } from './raw-array.ts'
import { isPlainText, RAW, rawInt32, rawInt64, rawValue } from './raw-bson.ts'
import { writeRawJson } from './raw-json.ts'
import { numericWriter } from './raw-numeric.ts'

/** Writes one cell from raw BSON; false where the value needs a form, is refused, or is not sound. */
export type RawCellWriter = (out: CopyBuffer, src: Buffer, type: number, at: number) => boolean

/** The three bytes at the end of a derived uuid. */
const MARK = [0x4c, 0x42, 0x31] as const

/** The writer of a field's n-th column: the short way for its usual type, the codec's own way for all others. */
export function rawCellWriter({ codec, columns }: CompiledField, cell: number): RawCellWriter {
  return codecWriter(codec, cell, columns[cell]?.sqlType ?? 'text')
}

function codecWriter(codec: Codec, cell: number, sqlType: string): RawCellWriter {
  const general = generalWriter(codec, cell, sqlType)
  const raw = codec.raw
  if (raw?.kind === 'numeric') return numericWriter(raw, general)
  if (raw?.kind === 'json') return jsonWriter(raw.types)
  const short = shortWriter(codec, cell, sqlType, general)
  if (short === undefined) return general
  const { type, write } = short
  return (out, src, valueType, at) =>
    valueType === type ? write(out, src, valueType, at) : general(out, src, valueType, at)
}

/** The uuid of the ObjectId at this place, with its length. */
export function writeRawUuid(out: CopyBuffer, src: Buffer, at: number): true {
  out.int32(16)
  out.ensure(16)
  const { bytes } = out
  const [six = 0, seven = 0] = [src[at + 6], src[at + 7]]
  let to = out.at
  for (let i = 0; i < 6; i++) bytes[to++] = src[at + i] as number
  bytes[to++] = 0x80 | (six >> 4)
  bytes[to++] = ((six & 15) << 4) | (seven >> 4)
  bytes[to++] = 0x80 | (seven & 15)
  for (let i = 8; i < 12; i++) bytes[to++] = src[at + i] as number
  for (const byte of MARK) bytes[to++] = byte
  out.at = to
  return true
}

function generalWriter(codec: Codec, cell: number, sqlType: string): RawCellWriter {
  const write = cellWriter(sqlType)
  return (out, src, type, at) => {
    const value = rawValue(src, type, at)
    if (value === undefined || value === null) return false
    const encoded = codec.encode(value, bsonTypeOf(value))
    if ('refused' in encoded) return false
    if (!(encoded.exact ?? canonicalEquals(codec.decode(encoded.cells), value))) return false
    write(out, encoded.cells[cell] ?? null)
    return true
  }
}

function shortWriter(
  codec: Codec,
  cell: number,
  sqlType: string,
  general: RawCellWriter,
): { type: number; write: RawCellWriter } | undefined {
  const raw = codec.raw
  switch (raw?.kind) {
    case 'object-id':
      return { type: RAW.objectId, write: (out, src, _type, at) => writeRawUuid(out, src, at) }
    case 'entity-id':
      return {
        type: RAW.objectId,
        write: cell === 0 ? (out, src, _type, at) => writeRawUuid(out, src, at) : writeHex,
      }
    case 'reference':
      return { type: RAW.objectId, write: referenceWriter(cell) }
    case 'text':
      return { type: RAW.string, write: textWriter(raw.maxLength, raw.allowed, general) }
    case 'boolean':
      return { type: RAW.bool, write: writeBool }
    case 'timestamp':
      return { type: RAW.date, write: writeDate }
    case 'int32':
      return { type: RAW.int32, write: int32Writer(raw.min, raw.max) }
    case 'array':
      return {
        type: RAW.array,
        write: arrayWriter(sqlType, codecWriter(raw.element, 0, sqlType.slice(0, -2)), general),
      }
    default:
      return undefined
  }
}

/** The writer of a json column, for every type. */
function jsonWriter(types: TypesNode): RawCellWriter {
  return (out, src, type, at) => {
    const from = openJson(out)
    if (!writeRawJson(out, src, type, at, types)) return false
    out.closeLength(from)
    return true
  }
}

/** The length and the version byte of a jsonb value. */
export function openJson(out: CopyBuffer): number {
  const from = out.openLength()
  out.ensure(1)
  out.bytes[out.at++] = 1
  return from
}

const writeHex: RawCellWriter = (out, src, _type, at) => {
  out.text(src.toString('hex', at, at + 12))
  return true
}

function referenceWriter(cell: number): RawCellWriter {
  if (cell === 1) return (out, src, _type, at) => writeRawUuid(out, src, at)
  const constant = [`entity`, '', null, 'objectId'][cell] ?? null
  return (out) => {
    if (constant === null) out.null()
    else out.text(constant)
    return true
  }
}

function textWriter(
  maxLength: number,
  allowed: ReadonlySet<string> | undefined,
  general: RawCellWriter,
): RawCellWriter {
  return (out, src, type, at) => {
    const length = rawInt32(src, at) - 1
    const from = at + 4
    const to = from + length
    // Characters are never more than bytes; what may be too long must be counted. So is what is not ASCII.
    if (length > maxLength || !isPlainText(src, from, to)) {
      return allowed === undefined && length <= maxLength
        ? writeUnicode(out, src, from, to)
        : general(out, src, type, at)
    }
    if (allowed !== undefined && !allowed.has(src.toString('latin1', from, to))) return false
    out.int32(length)
    out.copyFrom(src, from, to)
    return true
  }
}

function writeUnicode(out: CopyBuffer, src: Buffer, from: number, to: number): boolean {
  const part = src.subarray(from, to)
  if (part.includes(0) || !isUtf8(part)) return false
  out.int32(part.length)
  out.raw(part)
  return true
}

const writeBool: RawCellWriter = (out, src, _type, at) => {
  writeBoolean(out, src[at] === 1)
  return true
}

const writeDate: RawCellWriter = (out, src, _type, at) => {
  const ms = rawInt64(src, at)
  if (!(ms >= FIRST_TIMESTAMP_MS && ms <= LAST_TIMESTAMP_MS)) return false
  writeTimestamp(out, ms)
  return true
}

function int32Writer(min: number, max: number): RawCellWriter {
  return (out, src, _type, at) => {
    const value = rawInt32(src, at)
    if (value < min || value > max) return false
    out.int32(4)
    out.int32(value)
    return true
  }
}
