import { normaliseDecimal } from '../decimal.ts'
import { MappingError } from '../mapping-error.ts'
import type { PgValue } from '../types.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { writeNumeric } from './numeric-binary.ts'

/** Writes one cell, its length in front. */
export type CellWriter = (out: CopyBuffer, value: PgValue) => void

/** Milliseconds from 1970 to 2000, where Postgres' binary timestamps begin. */
const POSTGRES_EPOCH_MS = 946_684_800_000

/** Type ids of array elements, fixed by Postgres. */
const ELEMENT_OIDS: Record<string, number> = {
  boolean: 16,
  bigint: 20,
  smallint: 21,
  integer: 23,
  text: 25,
  varchar: 1043,
  uuid: 2950,
}

/** How values of a column of this SQL type are written in COPY BINARY. Enum types are written as their label. */
export function cellWriter(sqlType: string): CellWriter {
  const write = valueWriter(sqlType)
  return (out, value) => (value === null ? out.null() : write(out, value))
}

export function writeUuid(out: CopyBuffer, uuid: string): void {
  out.int32(16)
  out.ensure(16)
  out.at += out.bytes.write(uuid.replaceAll('-', ''), out.at, 'hex')
}

export function writeTimestamp(out: CopyBuffer, ms: number): void {
  out.int32(8)
  const micros = (ms - POSTGRES_EPOCH_MS) * 1000
  if (!Number.isSafeInteger(micros)) {
    out.int64((BigInt(ms) - BigInt(POSTGRES_EPOCH_MS)) * 1000n)
    return
  }
  out.int32(Math.floor(micros / 2 ** 32))
  out.int32(micros % 2 ** 32)
}

export function writeJsonb(out: CopyBuffer, text: string): void {
  const from = out.openLength()
  out.ensure(1 + text.length * 3)
  out.bytes[out.at++] = 1
  out.at += out.bytes.write(text, out.at, 'utf8')
  out.closeLength(from)
}

export function writeBoolean(out: CopyBuffer, value: boolean): void {
  out.int32(1)
  out.ensure(1)
  out.bytes[out.at++] = value ? 1 : 0
}

function valueWriter(sqlType: string): CellWriter {
  if (sqlType.endsWith('[]')) return arrayWriter(sqlType)
  if (sqlType.startsWith('numeric')) return writeDecimal
  if (sqlType.startsWith('timestamp')) return (out, value) => writeTimestamp(out, (value as Date).getTime())
  switch (sqlType) {
    case 'uuid':
      return (out, value) => writeUuid(out, value as string)
    case 'smallint':
      return (out, value) => {
        out.int32(2)
        out.int16(value as number)
      }
    case 'integer':
      return (out, value) => {
        out.int32(4)
        out.int32(value as number)
      }
    case 'bigint':
      return (out, value) => {
        out.int32(8)
        out.int64(BigInt(value as string))
      }
    case 'boolean':
      return (out, value) => writeBoolean(out, value as boolean)
    case 'jsonb':
      return (out, value) => writeJsonb(out, JSON.stringify(value))
    case 'json':
      return (out, value) => out.text(JSON.stringify(value))
    case 'bytea':
      return (out, value) => {
        out.int32((value as Uint8Array).length)
        out.raw(value as Uint8Array)
      }
    default:
      return (out, value) => out.text(value as string)
  }
}

function writeDecimal(out: CopyBuffer, value: PgValue): void {
  const decimal = normaliseDecimal(String(value))
  // Postgres would take NaN for a numeric; the codecs never let it come this far.
  if (decimal === undefined)
    throw new MappingError('row-not-mappable', `${String(value)} is no finite number`)
  writeNumeric(out, decimal)
}

/** The type id of the elements of an array column. */
export function elementOid(sqlType: string): number {
  const element = sqlType.slice(0, -2).replace(/\(.*/, '')
  const oid = ELEMENT_OIDS[element]
  if (oid === undefined) {
    throw new MappingError(
      'mapping-column-unsupported',
      `arrays of ${element} cannot be copied; use a child table`,
    )
  }
  return oid
}

function arrayWriter(sqlType: string): CellWriter {
  const oid = elementOid(sqlType)
  const write = cellWriter(sqlType.slice(0, -2))
  return (out, value) => {
    const items = value as PgValue[]
    const from = out.openLength()
    out.int32(items.length === 0 ? 0 : 1)
    out.int32(items.includes(null) ? 1 : 0)
    out.int32(oid)
    if (items.length > 0) {
      out.int32(items.length)
      out.int32(1)
    }
    for (const item of items) write(out, item)
    out.closeLength(from)
  }
}
