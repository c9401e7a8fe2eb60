import { Types } from 'mongoose'
import { type EntityId, parseId, publicId } from '../platform/ids.ts'
import { type Amount, readAmount } from '../platform/money.ts'
import { type Reference, referenceOf } from '../platform/reference.ts'

/**
 * How old documents are read: whatever lies in a field, the answer is what the old system showed there, and a read
 * never throws. Values that were nothing sensible are null, as they are on Postgres (where `extra` keeps them).
 */

export function lenientId(value: unknown): EntityId | null {
  if (value instanceof Types.ObjectId) return parseId(value.toHexString())
  if (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value)) return parseId(value)
  return null
}

/** An entity, a template checkout or something outside: an ObjectId, its digits, or any other text. */
export function lenientReference(value: unknown): Reference | null {
  if (value instanceof Types.ObjectId) return referenceOf(value.toHexString())
  return typeof value === 'string' ? referenceOf(value) : null
}

export function lenientText(value: unknown): string | null {
  if (typeof value === 'string') return value
  return value instanceof Types.ObjectId ? value.toHexString() : numberText(value)
}

export function lenientBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}

/** The range of the integer columns: what lies outside has no column. */
const INTEGER_LIMIT = 2 ** 31

/** A whole number of 32 bits, also where it is written as text. */
export function lenientInteger(value: unknown): number | null {
  const text = typeof value === 'string' ? value : numberText(value)
  if (text === null || !/^-?\d+(\.0+)?$/.test(text)) return null
  const number = Number(text)
  return number >= -INTEGER_LIMIT && number < INTEGER_LIMIT ? number : null
}

/** ISO 8601 with a zone, or a bare day: other spellings mean different times on different machines. */
const ISO_TEXT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/

export function lenientDate(value: unknown): Date | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value
  if (typeof value !== 'string' || !ISO_TEXT.test(value)) return null
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? null : date
}

export function lenientAmount(value: unknown): Amount | null {
  if (typeof value === 'string') return readAmount(value)
  const text = numberText(value)
  return text === null ? null : readAmount(withoutExponent(text))
}

export function lenientDocument(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

export function lenientArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The ObjectId of an entity, for filters and writes. */
export function objectIdOf(id: EntityId): Types.ObjectId {
  return new Types.ObjectId(publicId(id))
}

function numberText(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return null
  return /^(Decimal128|Long|Int32|Double)$/.test(String(value._bsontype)) ? String(value) : null
}

/** `1e-7` as `0.0000001`: doubles and decimals are written with an exponent where they are small or large. */
function withoutExponent(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]?\d{1,3})$/i.exec(text)
  if (match === null) return text
  const [, sign = '', whole = '', fraction = '', power = '0'] = match
  const digits = whole + fraction
  const point = whole.length + Number(power)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.slice(0, point).padEnd(point, '0')}.${digits.slice(point) || '0'}`
}
