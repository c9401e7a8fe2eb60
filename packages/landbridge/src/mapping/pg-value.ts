import { normaliseDecimal } from './decimal.ts'
import type { PgValue } from './types.ts'

/** Whether two values of a column of this SQL type are the same to Postgres. */
export function pgValueEquals(sqlType: string, a: PgValue, b: PgValue): boolean {
  if (a === null || b === null) return a === b
  if (sqlType.endsWith('[]')) {
    const [x, y] = [a as PgValue[], b as PgValue[]]
    const element = sqlType.slice(0, -2)
    return x.length === y.length && x.every((value, i) => pgValueEquals(element, value, y[i] as PgValue))
  }
  if (sqlType.startsWith('numeric') || sqlType === 'bigint') {
    return normaliseDecimal(String(a)) === normaliseDecimal(String(b))
  }
  if (sqlType.startsWith('timestamp')) return (a as Date).getTime() === (b as Date).getTime()
  if (sqlType === 'bytea') return Buffer.from(a as Uint8Array).equals(b as Uint8Array)
  if (sqlType === 'jsonb' || sqlType === 'json') return jsonEquals(a, b)
  return a === b
}

/** Whether two JSON values are the same; the order of keys does not count. */
export function jsonEquals(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((value, i) => jsonEquals(value, b[i]))
  }
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>]
  const keys = Object.keys(x)
  return (
    keys.length === Object.keys(y).length &&
    keys.every((key) => Object.hasOwn(y, key) && jsonEquals(x[key], y[key]))
  )
}

/** The value as node-postgres must be given it for a column of this type: JSON as text, all else as it is. */
export function toPgParameter(sqlType: string, value: PgValue): unknown {
  return value !== null && (sqlType === 'jsonb' || sqlType === 'json') ? JSON.stringify(value) : value
}
