import type { Document } from 'bson'
import { compareValues } from '../../bson/compare.ts'
import { toDecimal128 } from '../../bson/decimal.ts'
import { addNumbers, toDecimal, toSafeInteger } from '../../bson/number.ts'
import { isDocument, isNumber, typeOf } from '../../bson/value-type.ts'
import { failedToParse, locationError } from '../../server-error.ts'
import { addUnits, unitOf } from '../expressions/date-arithmetic.ts'
import type { Partition } from './partition.ts'

type Bound<T> = 'unbounded' | 'current' | { offset: T }

/** The documents of a partition that count for one of them; the default is the whole partition. */
export type WindowBounds =
  | { kind: 'documents'; lower: Bound<number>; upper: Bound<number> }
  | { kind: 'range'; lower: Bound<unknown>; upper: Bound<unknown>; unit: string | undefined }

export const WHOLE_PARTITION: WindowBounds = { kind: 'documents', lower: 'unbounded', upper: 'unbounded' }

/** First and last position, both within; undefined for a window without documents. */
export type WindowEnds = readonly [first: number, last: number] | undefined

/** Reads `window: { documents | range, unit }`. */
export function parseWindow(spec: unknown, sortBy: Document | undefined): WindowBounds {
  if (!isDocument(spec)) throw failedToParse("'window' field must be an object")
  const { documents, range, unit, ...unknown } = spec
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw failedToParse(`'window' field got an unexpected argument: ${extra}`)
  if (documents !== undefined && range !== undefined) {
    throw failedToParse("Window bounds can specify either 'documents' or 'range', not both.")
  }
  if (documents === undefined && range === undefined) {
    if (unit !== undefined)
      throw failedToParse("Window bounds can only specify 'unit' with range-based bounds.")
    return WHOLE_PARTITION
  }
  if (documents !== undefined) {
    if (unit !== undefined)
      throw failedToParse("Window bounds can only specify 'unit' with range-based bounds.")
    return documentBounds(documents, sortBy)
  }
  return rangeBounds(range, unit, sortBy)
}

/** The window of the document at a position of its partition. */
export function windowEnds(bounds: WindowBounds, partition: Partition, at: number): WindowEnds {
  return bounds.kind === 'documents'
    ? documentEnds(bounds, partition.documents.length, at)
    : rangeEnds(bounds, partition, at)
}

function documentBounds(spec: unknown, sortBy: Document | undefined): WindowBounds {
  const offset = (value: unknown) => {
    const integer = isNumber(value) ? toSafeInteger(value) : undefined
    if (integer === undefined) throw failedToParse('Numeric document-based bounds must be an integer')
    return integer
  }
  const [lower, upper] = boundPair(spec, 'documents', offset)
  if (sortBy === undefined && (lower !== 'unbounded' || upper !== 'unbounded')) {
    throw locationError(5339901, 'Document-based bounds require a sortBy')
  }
  if (offsetOf(lower) > offsetOf(upper) && lower !== 'unbounded' && upper !== 'unbounded') {
    throw locationError(5339900, 'Lower bound must not exceed upper bound')
  }
  return { kind: 'documents', lower, upper }
}

function rangeBounds(spec: unknown, unit: unknown, sortBy: Document | undefined): WindowBounds {
  const offset = (value: unknown): unknown => {
    if (!isNumber(value)) throw failedToParse('Range-based bounds expression must be a number')
    if (unit !== undefined && toSafeInteger(value) === undefined) {
      throw failedToParse("With 'unit', range-based bounds must be an integer")
    }
    return value
  }
  const [lower, upper] = boundPair(spec, 'range', offset)
  const directions = Object.values(sortBy ?? {})
  if (directions.length !== 1 || toSafeInteger(directions[0]) !== 1) {
    throw directions.length === 1
      ? locationError(8947401, "Range-based bounds require an ascending 'sortBy'")
      : locationError(5339902, 'Range-based bounds require sortBy a single field')
  }
  if (
    typeof lower === 'object' &&
    typeof upper === 'object' &&
    compareValues(lower.offset, upper.offset) > 0
  ) {
    throw locationError(5339900, 'Lower bound must not exceed upper bound')
  }
  return { kind: 'range', lower, upper, unit: unit === undefined ? undefined : unitOf(unit) }
}

function boundPair<T>(spec: unknown, kind: string, offset: (value: unknown) => T): [Bound<T>, Bound<T>] {
  if (!Array.isArray(spec) || spec.length !== 2) {
    throw failedToParse(`Window bounds must be a 2-element array: ${kind}`)
  }
  const [lower, upper] = spec.map((value): Bound<T> => {
    if (value === 'unbounded' || value === 'current') return value
    if (typeof value === 'string')
      throw failedToParse("Window bounds must be 'unbounded', 'current', or a number.")
    return { offset: offset(value) }
  })
  return [lower ?? 'unbounded', upper ?? 'unbounded']
}

function offsetOf(bound: Bound<number>): number {
  return typeof bound === 'object' ? bound.offset : 0
}

function documentEnds(
  { lower, upper }: Extract<WindowBounds, { kind: 'documents' }>,
  count: number,
  at: number,
): WindowEnds {
  const first = lower === 'unbounded' ? 0 : Math.max(0, at + offsetOf(lower))
  const last = upper === 'unbounded' ? count - 1 : Math.min(count - 1, at + offsetOf(upper))
  return first > last ? undefined : [first, last]
}

/** `current` is the document itself here too, not all documents with its sort value. */
function rangeEnds(
  { lower, upper, unit }: Extract<WindowBounds, { kind: 'range' }>,
  { sortValues }: Partition,
  at: number,
): WindowEnds {
  const base = sortValues[at]
  assertRangeBase(base, unit)
  const threshold = (offset: unknown): unknown =>
    base instanceof Date
      ? addUnits(base, unit ?? 'millisecond', toSafeInteger(offset) ?? 0, () => 0)
      : addNumbers(toDecimal128(toDecimal(base)), offset)
  const isMember = (value: unknown) => (unit === undefined ? isNumber(value) : value instanceof Date)
  const reaches = (bound: unknown) => (value: unknown) => compareValues(value, bound) >= 0
  const within = (bound: unknown) => (value: unknown) => compareValues(value, bound) <= 0
  const first =
    lower === 'current'
      ? at
      : sortValues.findIndex(lower === 'unbounded' ? isMember : reaches(threshold(lower.offset)))
  const last =
    upper === 'current'
      ? at
      : sortValues.findLastIndex(upper === 'unbounded' ? isMember : within(threshold(upper.offset)))
  return first < 0 || first > last ? undefined : [first, last]
}

function assertRangeBase(base: unknown, unit: string | undefined): void {
  if (unit !== undefined) {
    if (base instanceof Date) return
    throw locationError(
      5429513,
      `Invalid range: Expected the sortBy field to be a Date, but it was ${typeOf(base)}`,
    )
  }
  if (base instanceof Date) {
    throw locationError(
      5429413,
      'Invalid range: For windows that involve date or time ranges, a unit must be provided.',
    )
  }
  if (!isNumber(base)) {
    throw locationError(
      5429414,
      `Invalid range: Expected the sortBy field to be a number, but it was ${typeOf(base)}`,
    )
  }
}
