import { type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { Extra } from './columns.ts'

/**
 * Reads what a row keeps of an old document beside its columns: `{ "<path>": { reason, value: <EJSON> } }`. A column
 * wins over what was kept for it, so these are asked only where the column is null.
 */
export function keptValue(extra: Extra | null, path: string): unknown {
  const kept = extra?.[path]
  if (typeof kept !== 'object' || kept === null || !('value' in kept)) return undefined
  return kept.value
}

/** The text that the old system showed at `path`, or null: strings as they are, ids and numbers by their digits. */
export function keptText(extra: Extra | null, path: string): string | null {
  const value = keptValue(extra, path)
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return null
  const [type, inner] = Object.entries(value)[0] ?? []
  if (typeof inner !== 'string') return null
  if (type === '$numberDouble') return String(Number(inner))
  if (type !== undefined && /^\$(oid|number(Int|Long|Decimal))$/.test(type)) return inner
  return type === '$bson' ? textInBson(inner) : null
}

/** The whole number that stood at `path` before another row's took its place, or null. */
export function keptInteger(extra: Extra | null, path: string): number | null {
  const value = keptValue(extra, path)
  const isDigits = typeof value === 'string' && /^-?\d+(\.0+)?$/.test(value)
  const isNumber =
    typeof value === 'object' && value !== null && /^\$number/.test(Object.keys(value)[0] ?? '')
  if (!isDigits && !isNumber) return null
  const number = Number(keptText(extra, path))
  return Number.isInteger(number) && Math.abs(number) < 2 ** 31 ? number + 0 : null
}

const STRING = 0x02
/** Length of the document, type and name ("v") of its one member, length of the string. */
const BEFORE_TEXT = 4 + 1 + 2 + 4

/** Text that jsonb cannot hold (with a NUL) is kept as the bytes of the document `{ v: text }`. */
function textInBson(base64: string): string | null {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length < BEFORE_TEXT + 2 || bytes[4] !== STRING) return null
  const length = bytes.readInt32LE(BEFORE_TEXT - 4)
  // The length counts the closing NUL of the string.
  return bytes.toString('utf8', BEFORE_TEXT, BEFORE_TEXT + length - 1)
}

/**
 * The `extra` of a row without what it keeps at `paths`. Whoever sets a column to null takes this along: what was kept
 * for the column would show again.
 */
export function withoutKept(extra: AnyPgColumn, paths: string[]): SQL {
  return sql`nullif(${extra} - ${sql.param(paths)}::text[], '{}'::jsonb)`
}
