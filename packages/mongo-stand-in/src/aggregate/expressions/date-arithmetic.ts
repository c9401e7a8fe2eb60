import { long, toSafeInteger } from '../../bson/number.ts'
import { isNullish, typeOf } from '../../bson/value-type.ts'
import { failedToParse, locationError } from '../../server-error.ts'
import { addMonths, DAY, dateUtc, isoDayOfWeek } from './calendar.ts'
import { dateOf } from './date-of.ts'
import { givenWithoutValue, named, type OperatorTable } from './operator.ts'
import { instantOf, localTime, type ZoneOffset, zoneOffset } from './time-zone.ts'

/** Milliseconds of the units that are always equally long. */
const FIXED_UNITS: Record<string, number> = { millisecond: 1, second: 1000, minute: 60_000, hour: 3_600_000 }
const MONTH_UNITS: Record<string, number> = { month: 1, quarter: 3, year: 12 }
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
/** Where `$dateTrunc` counts its bins from: a Saturday. */
const REFERENCE = dateUtc(2000, 0, 1)

/** `$dateAdd`, `$dateSubtract`, `$dateDiff`, `$dateTrunc`: days and longer units follow the zone's clock. */
export const DATE_ARITHMETIC: OperatorTable = {
  $dateAdd: shift('$dateAdd', 1),
  $dateSubtract: shift('$dateSubtract', -1),

  $dateDiff: named(
    '$dateDiff',
    { required: ['startDate', 'endDate', 'unit'], optional: ['timezone', 'startOfWeek'] },
    (args) => {
      if (givenWithoutValue(args, 'startDate', 'endDate', 'unit', 'timezone')) return null
      const unit = unitOf(args.unit)
      if (unit === 'week' && givenWithoutValue(args, 'startOfWeek')) return null
      const offset = zoneOffset(args.timezone)
      const start = localTime(dateOf('$dateDiff', args.startDate, 5166307), offset)
      const end = localTime(dateOf('$dateDiff', args.endDate, 5166307), offset)
      return long(BigInt(ordinal(end, unit, args.startOfWeek) - ordinal(start, unit, args.startOfWeek)))
    },
  ),

  $dateTrunc: named(
    '$dateTrunc',
    { required: ['date', 'unit'], optional: ['binSize', 'timezone', 'startOfWeek'] },
    (args) => {
      if (givenWithoutValue(args, 'date', 'unit', 'binSize', 'timezone')) return null
      const unit = unitOf(args.unit)
      if (unit === 'week' && givenWithoutValue(args, 'startOfWeek')) return null
      const size = args.binSize === undefined ? 1 : toSafeInteger(args.binSize)
      if (size === undefined || size < 1)
        throw locationError(5439018, "$dateTrunc requires 'binSize' to be greater than 0")
      return truncate(
        dateOf('$dateTrunc', args.date, 5439012),
        unit,
        size,
        zoneOffset(args.timezone),
        args.startOfWeek,
      )
    },
  ),
}

function shift(name: string, direction: 1 | -1) {
  return named(name, { required: ['startDate', 'unit', 'amount'], optional: ['timezone'] }, (args) => {
    if (givenWithoutValue(args, 'startDate', 'unit', 'amount', 'timezone')) return null
    const start = dateOf(name, args.startDate, 5166403)
    const unit = unitOf(args.unit)
    const count = toSafeInteger(args.amount)
    if (count === undefined) throw locationError(5166405, `${name} expects integer amount of time units`)
    return addUnits(start, unit, direction * count, zoneOffset(args.timezone))
  })
}

/** Adds units of time; days and longer ones by the zone's clock. */
export function addUnits(date: Date, unit: string, amount: number, offset: ZoneOffset): Date {
  const fixed = FIXED_UNITS[unit]
  if (fixed !== undefined) return new Date(date.getTime() + fixed * amount)
  return instantOf(addLocal(localTime(date, offset), unit, amount), offset)
}

function addLocal(local: Date, unit: string, amount: number): Date {
  const months = MONTH_UNITS[unit]
  if (months !== undefined) return addMonths(local, months * amount)
  return new Date(local.getTime() + amount * DAY * (unit === 'week' ? 7 : 1))
}

/** The number of unit boundaries up to a local time: their difference is what `$dateDiff` counts. */
function ordinal(local: Date, unit: string, startOfWeek: unknown): number {
  const months = MONTH_UNITS[unit]
  if (months !== undefined) return Math.floor((local.getUTCFullYear() * 12 + local.getUTCMonth()) / months)
  const fixed = FIXED_UNITS[unit]
  if (fixed !== undefined) return Math.floor(local.getTime() / fixed)
  const day = Math.floor(local.getTime() / DAY)
  if (unit === 'day') return day
  return Math.floor((day - daysIntoWeek(local, startOfWeek)) / 7)
}

function truncate(date: Date, unit: string, size: number, offset: ZoneOffset, startOfWeek: unknown): Date {
  const local = localTime(date, offset)
  const reference = referenceFor(unit, startOfWeek)
  const distance = ordinal(local, unit, startOfWeek) - ordinal(reference, unit, startOfWeek)
  const bin = Math.floor(distance / size) * size
  const fixed = FIXED_UNITS[unit]
  const start =
    fixed === undefined ? addLocal(reference, unit, bin) : new Date(reference.getTime() + bin * fixed)
  return instantOf(start, offset)
}

/** The start of the unit that holds the reference day; weeks begin with the first week day after it. */
function referenceFor(unit: string, startOfWeek: unknown): Date {
  const reference = new Date(REFERENCE)
  if (unit !== 'week') return reference
  return new Date(REFERENCE + ((7 - daysIntoWeek(reference, startOfWeek)) % 7) * DAY)
}

function daysIntoWeek(local: Date, startOfWeek: unknown): number {
  const name = isNullish(startOfWeek) ? 'sunday' : String(startOfWeek).toLowerCase()
  const first = WEEKDAYS.findIndex(
    (weekday) => weekday === name || (name.length === 3 && weekday.startsWith(name)),
  )
  if (first < 0) throw failedToParse(`unknown day of week value: ${name}`)
  return (isoDayOfWeek(local) - 1 - first + 7) % 7
}

/** The unit of time, if it is one. */
export function unitOf(unit: unknown): string {
  if (typeof unit !== 'string') throw locationError(5439013, `unit must be a string, found ${typeOf(unit)}`)
  if (!(unit in FIXED_UNITS || unit in MONTH_UNITS || unit === 'day' || unit === 'week')) {
    throw failedToParse(`unknown time unit value: ${unit}`)
  }
  return unit
}
