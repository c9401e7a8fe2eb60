import { isNullish, typeOf } from '../../bson/value-type.ts'
import { locationError, serverError } from '../../server-error.ts'
import { DAY, dateUtc, isoDayOfWeek } from './calendar.ts'
import { instantOf, zoneOffset } from './time-zone.ts'

const MINUTE = 60_000
const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)

type Part =
  | 'year'
  | 'month'
  | 'day'
  | 'dayOfYear'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'isoYear'
  | 'isoWeek'
  | 'isoDay'
  | 'offset'

interface Specifier {
  pattern: string
  part: Part
  read: (text: string) => number
}

const number = (part: Part, pattern: string): Specifier => ({ part, pattern, read: Number })

/** What may stand in the `format` of `$dateFromString`; each stands for a number. */
const SPECIFIERS: Readonly<Record<string, Specifier>> = {
  b: { part: 'month', pattern: '[A-Za-z]{3}', read: (text) => monthOf(text, 3) },
  B: { part: 'month', pattern: '[A-Za-z]+', read: (text) => monthOf(text) },
  d: number('day', '\\d{1,2}'),
  G: number('isoYear', '\\d{4}'),
  H: number('hour', '\\d{1,2}'),
  j: number('dayOfYear', '\\d{1,3}'),
  L: number('millisecond', '\\d{1,3}'),
  m: number('month', '\\d{1,2}'),
  M: number('minute', '\\d{2}'),
  S: number('second', '\\d{2}'),
  u: number('isoDay', '\\d'),
  V: number('isoWeek', '\\d{1,2}'),
  Y: number('year', '\\d{4}'),
  z: { part: 'offset', pattern: 'Z|[+-]\\d{2}(?::?\\d{2})?', read: clockOffset },
  Z: { part: 'offset', pattern: '[+-]\\d{1,3}', read: Number },
}

const LEAST_AND_MOST: Readonly<Partial<Record<Part, readonly [number, number]>>> = {
  month: [1, 12],
  day: [1, 31],
  dayOfYear: [1, 366],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
  isoWeek: [1, 53],
  isoDay: [1, 7],
}

/**
 * Reads a date text by a format.
 *
 * @throws ServerError ConversionFailure where the text does not follow the format or is no complete date, and
 *   Location18536 for a specifier that does not exist.
 */
export function dateByFormat(text: string, format: unknown, timezone: unknown): Date {
  if (typeof format !== 'string') {
    throw locationError(40684, `$dateFromString requires that 'format' be a string, found: ${typeOf(format)}`)
  }
  const parts = partsOf(text, format)
  const local = localDate(parts)
  if (local === undefined) throw unreadable(text, 'the date is incomplete or does not exist')
  const offset = parts.get('offset')
  if (offset === undefined) return instantOf(local, zoneOffset(timezone))
  if (!isNullish(timezone)) {
    throw unreadable(
      text,
      'you cannot pass in a date/time string with GMT offset together with a timezone argument',
    )
  }
  return new Date(local.getTime() - offset * MINUTE)
}

function partsOf(text: string, format: string): Map<Part, number> {
  const parts = new Map<Part, number>()
  let rest = text
  for (const [token, letter] of format.matchAll(/%(.?)|[^%]/gsu)) {
    const literal = token === '%%' ? '%' : letter === undefined ? token : undefined
    if (literal !== undefined) {
      if (!rest.startsWith(literal)) throw unreadable(text, `'${literal}' was expected`)
      rest = rest.slice(literal.length)
      continue
    }
    const specifier = SPECIFIERS[letter ?? '']
    if (specifier === undefined) {
      throw locationError(18536, `Invalid format character '%${letter ?? ''}' in format string`)
    }
    const [found] = new RegExp(`^(?:${specifier.pattern})`).exec(rest) ?? []
    const value = found === undefined ? Number.NaN : specifier.read(found)
    if (found === undefined || !isInRange(specifier.part, value))
      throw unreadable(text, `nothing fits %${letter}`)
    parts.set(specifier.part, value)
    rest = rest.slice(found.length)
  }
  if (rest !== '') throw unreadable(text, 'trailing data')
  return parts
}

/** The local time as a Date whose UTC fields show it; undefined for parts that make no day. */
function localDate(parts: ReadonlyMap<Part, number>): Date | undefined {
  const midnight = calendarDay(parts) ?? dayInYear(parts) ?? isoWeekDay(parts)
  if (midnight === undefined) return undefined
  const { hour = 0, minute = 0, second = 0, millisecond = 0 } = Object.fromEntries(parts)
  return new Date(midnight + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond)
}

function calendarDay(parts: ReadonlyMap<Part, number>): number | undefined {
  const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')]
  if (year === undefined || month === undefined || day === undefined) return undefined
  const midnight = dateUtc(year, month - 1, day)
  // The thirtieth of February would be one of March.
  return new Date(midnight).getUTCDate() === day ? midnight : undefined
}

function dayInYear(parts: ReadonlyMap<Part, number>): number | undefined {
  const [year, day] = [parts.get('year'), parts.get('dayOfYear')]
  if (year === undefined || day === undefined) return undefined
  const midnight = dateUtc(year, 0, day)
  return new Date(midnight).getUTCFullYear() === year ? midnight : undefined
}

function isoWeekDay(parts: ReadonlyMap<Part, number>): number | undefined {
  const [year, week, day] = [parts.get('isoYear'), parts.get('isoWeek'), parts.get('isoDay')]
  if (year === undefined || week === undefined || day === undefined) return undefined
  // The fourth of January is always in week 1.
  const fourth = dateUtc(year, 0, 4)
  return fourth + (day - isoDayOfWeek(new Date(fourth)) + (week - 1) * 7) * DAY
}

function monthOf(text: string, letters?: number): number {
  const name = text.toLowerCase()
  const at = MONTHS.findIndex((month) => month.slice(0, letters) === name)
  return at < 0 ? Number.NaN : at + 1
}

function clockOffset(text: string): number {
  if (text === 'Z') return 0
  const digits = text.slice(1).replace(':', '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return text.startsWith('-') ? -minutes : minutes
}

function isInRange(part: Part, value: number): boolean {
  const [least, most] = LEAST_AND_MOST[part] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return value >= least && value <= most
}

function unreadable(text: string, reason: string): Error {
  return serverError(241, 'ConversionFailure', `Error parsing date string '${text}'; ${reason}`)
}
