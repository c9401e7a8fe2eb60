import { type Document, Int32, Long } from 'bson'
import { toSafeInteger } from '../../bson/number.ts'
import { isDocument, isNullish, typeOf } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { dateUtc, dayOfYear, isoDayOfWeek, isoWeek, weekOfYear } from './calendar.ts'
import { DATE_ARITHMETIC } from './date-arithmetic.ts'
import { dateOf } from './date-of.ts'
import { DATE_TEXT } from './date-text.ts'
import {
  givenWithoutValue,
  named,
  namedOperand,
  type OperatorCompiler,
  type OperatorTable,
} from './operator.ts'
import { instantOf, localTime, zoneOffset } from './time-zone.ts'

const PARTS = [
  'year',
  'isoWeekYear',
  'month',
  'isoWeek',
  'day',
  'isoDayOfWeek',
  'hour',
  'minute',
  'second',
  'millisecond',
]

/** Expressions on dates: their parts here, arithmetic and texts in files of their own. */
export const DATE: OperatorTable = {
  ...DATE_ARITHMETIC,
  ...DATE_TEXT,
  $year: part('$year', (local) => local.getUTCFullYear()),
  $month: part('$month', (local) => local.getUTCMonth() + 1),
  $dayOfMonth: part('$dayOfMonth', (local) => local.getUTCDate()),
  $dayOfYear: part('$dayOfYear', dayOfYear),
  $dayOfWeek: part('$dayOfWeek', (local) => local.getUTCDay() + 1),
  $hour: part('$hour', (local) => local.getUTCHours()),
  $minute: part('$minute', (local) => local.getUTCMinutes()),
  $second: part('$second', (local) => local.getUTCSeconds()),
  $millisecond: part('$millisecond', (local) => local.getUTCMilliseconds()),
  $week: part('$week', weekOfYear),
  $isoDayOfWeek: part('$isoDayOfWeek', isoDayOfWeek),
  $isoWeek: part('$isoWeek', (local) => isoWeek(local).week),
  $isoWeekYear: (operand, context) => {
    const year = part('$isoWeekYear', (local) => isoWeek(local).year)(operand, context)
    // The one part that a mongod returns as a long.
    return (scope) => {
      const value = year(scope)
      return value instanceof Int32 ? Long.fromNumber(value.value) : value
    }
  },
  $dateToParts: named('$dateToParts', { required: ['date'], optional: ['timezone', 'iso8601'] }, (args) => {
    if (isNullish(args.date) || givenWithoutValue(args, 'timezone')) return null
    return partsOf(
      localTime(dateOf('$dateToParts', args.date), zoneOffset(args.timezone)),
      args.iso8601 === true,
    )
  }),
  $dateFromParts: named('$dateFromParts', { required: [], optional: [...PARTS, 'timezone'] }, (args) => {
    if (Object.values(args).some(isNullish)) return null
    const iso = 'isoWeekYear' in args
    if (!iso && !('year' in args))
      throw locationError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear'")
    const of = (name: string, fallback: number) => partNumber(name, args[name], fallback)
    const time = [of('hour', 0), of('minute', 0), of('second', 0), of('millisecond', 0)] as const
    const local = iso
      ? dateUtc(
          of('isoWeekYear', 1970),
          0,
          isoDay(of('isoWeekYear', 1970), of('isoWeek', 1), of('isoDayOfWeek', 1)),
          ...time,
        )
      : dateUtc(of('year', 1970), of('month', 1) - 1, of('day', 1), ...time)
    return instantOf(new Date(local), zoneOffset(args.timezone))
  }),
}

function part(name: string, read: (local: Date) => number): OperatorCompiler {
  return (operand, { compile }) => {
    const [single] = Array.isArray(operand) && operand.length === 1 ? operand : [operand]
    const withZone =
      isDocument(single) && Object.keys(single).every((key) => key === 'date' || key === 'timezone')
    const args = withZone
      ? namedOperand(name, single, { required: ['date'], optional: ['timezone'] })
      : { date: single, timezone: undefined }
    const date = compile(args.date)
    const zone = args.timezone === undefined ? undefined : compile(args.timezone)
    return (scope) => {
      const value = date(scope)
      const zoneName = zone?.(scope)
      if (isNullish(value) || (zone !== undefined && isNullish(zoneName))) return null
      return new Int32(read(localTime(dateOf(name, value), zoneOffset(zoneName))))
    }
  }
}

function partsOf(local: Date, iso: boolean): Document {
  const week = isoWeek(local)
  const day: Record<string, number> = iso
    ? { isoWeekYear: week.year, isoWeek: week.week, isoDayOfWeek: isoDayOfWeek(local) }
    : { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() }
  const time = {
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  }
  return Object.fromEntries(
    Object.entries({ ...day, ...time }).map(([name, value]) => [name, new Int32(value)]),
  )
}

/** The day of January on which an ISO week's day falls; may lie in December (zero or less). */
function isoDay(year: number, week: number, weekday: number): number {
  // The fourth of January is always in week 1.
  const fourth = isoDayOfWeek(new Date(dateUtc(year, 0, 4)))
  return 4 - fourth + weekday + (week - 1) * 7
}

function partNumber(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback
  const number = toSafeInteger(value)
  if (number === undefined)
    throw locationError(40515, `'${name}' must evaluate to an integer, found ${typeOf(value)}`)
  return number
}
