import { isUtf8 } from 'node:buffer'
import type { Codec, RawWay } from '../codecs/codec.ts'
import { FIRST_TIMESTAMP_MS, LAST_TIMESTAMP_MS } from '../codecs/timestamp.ts'
import type { CompiledField } from '../compiled-table.ts'
import type { TypesNode } from '../natural-json.ts'
import { writeBoolean, writeTimestamp } from './cell-writer.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { arrayWriter } from './raw-array.ts'
import { isPlainText, RAW, rawInt32, rawInt64, rawText } from './raw-bson.ts'
import { writeRawJson } from './raw-json.ts'
import { numericWriter } from './raw-numeric.ts'

/** Writes one cell from raw BSON; false where the value needs a form, is refused, or is not sound. */
export type RawCellWriter = (out: CopyBuffer, src: Buffer, type: number, at: number) => boolean

/** The three bytes at the end of a derived uuid. */
const MARK = [0x4c, 0x42, 0x31] as const

/** The writer of a field's n-th column. */
export function rawCellWriter({ codec, columns }: CompiledField, cell: number): RawCellWriter {
  return codecWriter(codec, cell, columns[cell]?.sqlType ?? 'text')
}

function codecWriter(codec: Codec, cell: number, sqlType: string): RawCellWriter {
  const { raw } = codec
  switch (raw.kind) {
    case 'general':
      return () => false
    case 'numeric':
      return numericWriter(raw)
    case 'json':
      return jsonWriter(raw.types)
    case 'object-id':
      return ofType(RAW.objectId, writeId)
    case 'entity-id':
      return ofType(RAW.objectId, cell === 0 ? writeId : writeHex)
    case 'hex-id':
      return ofType(RAW.string, writeIdOfHex)
    case 'reference':
      return referenceWriter(cell)
    case 'text':
      return ofType(RAW.string, textWriter(raw))
    case 'boolean':
      return ofType(RAW.bool, writeBool)
    case 'timestamp':
      return ofType(RAW.date, writeDate)
    case 'binary':
      return ofType(RAW.binary, writeBytes)
    case 'integer':
      return integerWriter(raw)
    case 'array':
      return ofType(RAW.array, arrayWriter(sqlType, codecWriter(raw.element, 0, sqlType.slice(0, -2))))
  }
}

function ofType(only: number, write: RawCellWriter): RawCellWriter {
  return (out, src, type, at) => type === only && write(out, src, type, at)
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

const writeId: RawCellWriter = (out, src, _type, at) => writeRawUuid(out, src, at)

const writeIdOfHex: RawCellWriter = (out, src, _type, at) => {
  if (!isLowerHexId(src, at)) return false
  return writeRawUuid(out, Buffer.from(src.toString('latin1', at + 4, at + 28), 'hex'), 0)
}

/** Whether a string is 24 hex digits without capitals. */
function isLowerHexId(src: Buffer, at: number): boolean {
  if (rawInt32(src, at) !== 25) return false
  for (let i = at + 4; i < at + 28; i++) {
    const byte = src[i] as number
    if (!((byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102))) return false
  }
  return true
}

/** ObjectIds, and their hex as text; whatever else stands for something outside is rare. */
function referenceWriter(cell: number): RawCellWriter {
  if (cell === 1)
    return (out, src, type, at) =>
      type === RAW.objectId
        ? writeRawUuid(out, src, at)
        : type === RAW.string && writeIdOfHex(out, src, type, at)
  return (out, src, type, at) => {
    if (type !== RAW.objectId && !(type === RAW.string && isLowerHexId(src, at))) return false
    if (cell === 2) out.null()
    else out.text(cell === 0 ? 'entity' : type === RAW.objectId ? 'objectId' : 'hex')
    return true
  }
}

function textWriter({ maxLength, allowed, pattern }: Extract<RawWay, { kind: 'text' }>): RawCellWriter {
  const isChecked = allowed !== undefined || pattern !== undefined
  return (out, src, _type, at) => {
    const length = rawInt32(src, at) - 1
    const from = at + 4
    const to = from + length
    // Characters are never more than bytes; what may be too long must be counted.
    if (length > maxLength) return false
    const isPlain = isPlainText(src, from, to)
    if (isChecked) {
      const value = isPlain ? src.toString('latin1', from, to) : rawText(src, from, to)
      if (value === undefined || allowed?.has(value) === false) return false
      if (pattern !== undefined && value.search(pattern) < 0) return false
    }
    if (!isPlain) return writeUnicode(out, src, from, to)
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

/** Other subtypes than the generic one need a form. */
const writeBytes: RawCellWriter = (out, src, _type, at) => {
  const length = rawInt32(src, at)
  if (length < 0 || src[at + 4] !== 0) return false
  out.int32(length)
  out.copyFrom(src, at + 5, at + 5 + length)
  return true
}

function integerWriter(raw: Extract<RawWay, { kind: 'integer' }>): RawCellWriter {
  const { size, min, max, allowed } = raw
  if (raw.from === 'long') return ofType(RAW.int64, writeLong)
  return ofType(RAW.int32, (out, src, _type, at) => {
    const value = rawInt32(src, at)
    if (value < min || value > max || allowed?.has(value) === false) return false
    out.int32(size)
    if (size === 2) out.int16(value)
    else {
      if (size === 8) out.int32(value < 0 ? -1 : 0)
      out.int32(value)
    }
    return true
  })
}

const writeLong: RawCellWriter = (out, src, _type, at) => {
  out.int32(8)
  out.int32(rawInt32(src, at + 4))
  out.int32(rawInt32(src, at))
  return true
}
