import { Types } from 'mongoose'
import { type EntityId, parseId, publicId } from '../platform/ids.ts'
import { type Amount, readAmount } from '../platform/money.ts'
import { type Reference, referenceOf } from '../platform/reference.ts'
import { plainDecimal } from './plain-decimal.ts'

/**
 * How old documents are read: whatever lies in a field, the answer is what the old system showed there, and a read
 * never throws. Values that were nothing sensible are null, as they are on Postgres (where `extra` keeps them): these
 * functions accept exactly what the mapping puts into columns, so that both stores answer alike.
 */

export function lenientId(value: unknown): EntityId | null {
  if (value instanceof Types.ObjectId) return parseId(value.toHexString())
  if (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value)) return parseId(value)
  return null
}

/** An entity, a template checkout or something outside: an ObjectId, its digits, or any other text. */
export function lenientReference(value: unknown): Reference | null {
  if (value instanceof Types.ObjectId) return referenceOf(value.toHexString())
  return typeof value === 'string' && !value.includes('\0') ? referenceOf(value) : null
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
  const decimal = decimalOf(value)
  if (decimal === null || decimal.includes('.')) return null
  const number = Number(decimal)
  return number >= -INTEGER_LIMIT && number < INTEGER_LIMIT ? number : null
}

const LONG_LIMIT = 2n ** 63n

/** A whole number of 64 bits as text: doubles cannot hold all of them. */
export function lenientLong(value: unknown): string | null {
  const decimal = decimalOf(value)
  if (decimal === null || !/^-?\d{1,30}$/.test(decimal)) return null
  const number = BigInt(decimal)
  return number >= -LONG_LIMIT && number < LONG_LIMIT ? decimal : null
}

/** A whole number of at most 78 digits, as text: chains count in 256 bits. */
export function lenientBaseUnits(value: unknown): string | null {
  const decimal = decimalOf(value)
  return decimal !== null && /^-?\d{1,78}$/.test(decimal) ? decimal : null
}

export function lenientAmount(value: unknown): Amount | null {
  const decimal = decimalOf(value)
  return decimal === null ? null : readAmount(decimal)
}

/** ISO 8601 with a zone, or a bare day: other spellings mean different times on different machines. */
const ISO_TEXT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/

/** 4713 BC, where Postgres begins. */
const FIRST_MOMENT = -210_866_803_200_000

export function lenientDate(value: unknown): Date | null {
  const date = typeof value === 'string' && ISO_TEXT.test(value) ? new Date(value) : value
  return date instanceof Date && date.getTime() >= FIRST_MOMENT ? date : null
}

export function lenientDocument(value: unknown): Record<string, unknown> {
  return isDocument(value) ? value : {}
}

export function lenientArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The elements of an array of documents; none at all where something else lies among them. */
export function lenientDocuments(value: unknown): Record<string, unknown>[] {
  const elements = lenientArray(value)
  return elements.every(isDocument) ? elements : []
}

/** The texts of an array that is a column of its own; none at all where something else lies among them. */
export function lenientTexts(value: unknown): string[] {
  const elements = lenientArray(value).filter((element) => element !== null)
  const texts = elements.map((element) =>
    element instanceof Types.ObjectId ? element.toHexString() : element,
  )
  return texts.every((text) => typeof text === 'string' && !text.includes('\0')) ? (texts as string[]) : []
}

/** The ObjectId of an entity, for filters and writes. */
export function objectIdOf(id: EntityId): Types.ObjectId {
  return new Types.ObjectId(publicId(id))
}

function isDocument(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof RegExp) &&
    !('_bsontype' in value)
  )
}

/** The exact decimal of a number, or of text as people store prices: digits with at most one point. */
function decimalOf(value: unknown): string | null {
  if (typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value) ? plainDecimal(value) : null
  const text = numberText(value)
  return text === null ? null : plainDecimal(text)
}

function numberText(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return null
  return /^(Decimal128|Long|Int32|Double)$/.test(String(value._bsontype)) ? String(value) : null
}
