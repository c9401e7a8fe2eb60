import type { Extra } from './columns.ts'

/**
 * Reads what a row keeps of an old document beside its columns: `{ "<path>": { reason, value: <EJSON> } }`. A column
 * wins over what was kept for it, so these are asked only where the column is null. Values that only the bytes of the
 * document can give back (`$bson`) are shown to nobody.
 */
export function keptValue(extra: Extra | null, path: string): unknown {
  const kept = extra?.[path]
  if (typeof kept !== 'object' || kept === null || !('value' in kept)) return undefined
  return kept.value
}

/** The text that the old system showed at `path`, or null: strings as they are, numbers by their digits. */
export function keptText(extra: Extra | null, path: string): string | null {
  const value = keptValue(extra, path)
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return null
  const [type, digits] = Object.entries(value)[0] ?? []
  const isNumber = type !== undefined && /^\$number(Int|Long|Double|Decimal)$/.test(type)
  return isNumber && typeof digits === 'string' ? digits : null
}
