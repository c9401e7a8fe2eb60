import { plainDecimal } from './plain-decimal.ts'

/** JSON has no word for it: the whole value goes without a column then. */
const UNSHOWABLE = Symbol('unshowable')

/**
 * A value as plain JSON, as its jsonb column holds it: dates as ISO text, ids as hex. Null where something in it has
 * no such form.
 */
export function lenientJson(value: unknown): unknown {
  const json = naturalJson(value)
  return json === UNSHOWABLE ? null : json
}

function naturalJson(value: unknown): unknown {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return value.includes('\0') ? UNSHOWABLE : value
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : UNSHOWABLE
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? UNSHOWABLE : value.toISOString()
  if (Array.isArray(value)) return naturalArray(value)
  if (typeof value !== 'object' || value instanceof RegExp) return UNSHOWABLE
  return '_bsontype' in value ? naturalBson(value) : naturalDocument(value)
}

function naturalArray(values: unknown[]): unknown {
  const elements = values.map(naturalJson)
  return elements.includes(UNSHOWABLE) ? UNSHOWABLE : elements
}

function naturalDocument(value: object): unknown {
  const members = Object.entries(value).map(([key, member]) => [key, naturalJson(member)] as const)
  const isShowable = members.every(([key, member]) => member !== UNSHOWABLE && !key.includes('\0'))
  return isShowable ? Object.fromEntries(members) : UNSHOWABLE
}

function naturalBson(value: object & { _bsontype: unknown }): unknown {
  switch (value._bsontype) {
    case 'ObjectId':
      return String(value)
    case 'Long':
    case 'Decimal128':
      return exactNumber(String(value))
    case 'Binary':
      return Buffer.from((value as unknown as { value(): Uint8Array }).value()).toString('base64')
    default:
      return UNSHOWABLE
  }
}

/** A number where a double holds it exactly, else its text. */
function exactNumber(text: string): unknown {
  const decimal = plainDecimal(text)
  if (decimal === null) return UNSHOWABLE
  const number = Number(decimal)
  return plainDecimal(String(number)) === decimal ? number : decimal
}
