import { FIRST_TIMESTAMP_MS, LAST_TIMESTAMP_MS } from './codecs/timestamp.ts'
import { digitsOf, normaliseDecimal } from './decimal.ts'
import { isStorableText } from './storable-text.ts'
import type { ColumnShape, PgValue } from './types.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const INTEGER_BITS: Record<string, bigint> = { smallint: 15n, integer: 31n, bigint: 63n }

/**
 * Why Postgres would refuse or change this value in this column; undefined where it holds it exactly. Written apart
 * from the codecs on purpose: the laws check the one against the other.
 */
export function cellTrouble(column: ColumnShape, value: PgValue): string | undefined {
  const { sqlType, notNull, enumValues } = column
  if (value === null) return notNull ? 'null in a NOT NULL column' : undefined
  if (sqlType.endsWith('[]')) {
    const element = { ...column, sqlType: sqlType.slice(0, -2), notNull: false }
    return (value as PgValue[])
      .map((item) => cellTrouble(element, item))
      .find((trouble) => trouble !== undefined)
  }
  if (enumValues !== undefined && !enumValues.includes(value as string)) return 'not in the enum'
  if (sqlType === 'uuid') return UUID.test(String(value)) ? undefined : 'no uuid'
  if (sqlType.startsWith('numeric')) return numericTrouble(sqlType, value)
  if (sqlType in INTEGER_BITS) return integerTrouble(sqlType, value)
  if (sqlType === 'boolean') return typeof value === 'boolean' ? undefined : 'no boolean'
  if (sqlType.startsWith('timestamp')) return timestampTrouble(value)
  if (sqlType === 'jsonb')
    return isStorableText(JSON.stringify(value)) ? jsonTrouble(value) : 'not storable in jsonb'
  if (sqlType === 'bytea') return value instanceof Uint8Array ? undefined : 'no bytes'
  return textTrouble(sqlType, value)
}

function numericTrouble(sqlType: string, value: PgValue): string | undefined {
  const decimal = typeof value === 'string' ? normaliseDecimal(value) : undefined
  if (decimal === undefined) return 'no finite decimal text'
  const [, precision, scale = '0'] = /\((\d+)(?:,\s*(\d+))?\)/.exec(sqlType) ?? []
  const { whole, fraction } = digitsOf(decimal)
  if (precision === undefined) return undefined
  if (fraction > Number(scale)) return 'would be rounded'
  return whole > Number(precision) - Number(scale) ? 'numeric field overflow' : undefined
}

function integerTrouble(sqlType: string, value: PgValue): string | undefined {
  if (typeof value !== (sqlType === 'bigint' ? 'string' : 'number')) return 'wrong JavaScript type'
  if (!/^-?\d+$/.test(String(value))) return 'not a whole number'
  const limit = 1n << (INTEGER_BITS[sqlType] ?? 0n)
  const number = BigInt(String(value))
  return number >= limit || number < -limit ? 'out of range' : undefined
}

function timestampTrouble(value: PgValue): string | undefined {
  const ms = value instanceof Date ? value.getTime() : Number.NaN
  return ms >= FIRST_TIMESTAMP_MS && ms <= LAST_TIMESTAMP_MS ? undefined : 'out of range'
}

function jsonTrouble(value: PgValue): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'no JSON number'
  if (typeof value === 'string') return isStorableText(value) ? undefined : 'NUL or half a surrogate pair'
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Date || value instanceof Uint8Array) return 'no JSON value'
  for (const [key, member] of Object.entries(value)) {
    const trouble = isStorableText(key)
      ? jsonTrouble(member as PgValue)
      : 'a key with NUL or half a surrogate pair'
    if (trouble !== undefined) return trouble
  }
  return undefined
}

function textTrouble(sqlType: string, value: PgValue): string | undefined {
  if (typeof value !== 'string') return 'no text'
  if (!isStorableText(value)) return 'NUL or half a surrogate pair'
  const limit = /\((\d+)\)$/.exec(sqlType)?.[1]
  return limit !== undefined && [...value].length > Number(limit) ? 'too long' : undefined
}
