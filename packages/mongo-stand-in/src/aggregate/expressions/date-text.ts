import { isNullish, typeOf } from '../../bson/value-type.ts'
import { locationError, ServerError, serverError } from '../../server-error.ts'
import { dayOfYear, isoDayOfWeek, isoWeek, weekOfYear } from './calendar.ts'
import { dateByFormat } from './date-from-text.ts'
import { dateOf } from './date-of.ts'
import { givenWithoutValue, named, type OperatorTable } from './operator.ts'
import { parseDateText } from './parse-date-text.ts'
import { instantOf, localTime, zoneOffset } from './time-zone.ts'

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

/** `$dateToString`, and `$dateFromString` for texts by a format or in ISO 8601. */
export const DATE_TEXT: OperatorTable = {
  $dateToString: named(
    '$dateToString',
    { required: ['date'], optional: ['format', 'timezone', 'onNull'] },
    (args) => {
      const { date, format, timezone } = args
      if (isNullish(date)) return 'onNull' in args ? args.onNull : null
      if (givenWithoutValue(args, 'format', 'timezone')) return null
      const zone = zoneOffset(timezone)
      const instant = dateOf('$dateToString', date)
      const zoned = timezone !== undefined && timezone !== 'UTC' && timezone !== 'GMT' && timezone !== 'Z'
      const pattern = format === undefined ? `%Y-%m-%dT%H:%M:%S.%L${zoned ? '' : 'Z'}` : patternOf(format)
      return formatted(localTime(instant, zone), zone(instant.getTime()), pattern)
    },
  ),

  $dateFromString: named(
    '$dateFromString',
    { required: ['dateString'], optional: ['format', 'timezone', 'onError', 'onNull'] },
    (args) => {
      const { dateString, format, timezone } = args
      if (isNullish(dateString)) return 'onNull' in args ? args.onNull : null
      if (givenWithoutValue(args, 'format', 'timezone')) return null
      try {
        return dateOfText(dateString, format, timezone)
      } catch (error) {
        if (!('onError' in args) || !(error instanceof ServerError) || error.code !== 241) throw error
        return args.onError
      }
    },
  ),
}

function dateOfText(text: unknown, format: unknown, timezone: unknown): Date {
  if (typeof text !== 'string') {
    throw serverError(
      241,
      'ConversionFailure',
      `$dateFromString requires that 'dateString' be a string, found: ${typeOf(text)}`,
    )
  }
  if (format !== undefined) return dateByFormat(text, format, timezone)
  const date = isoDate(text, timezone)
  if (date !== undefined) return date
  throw serverError(241, 'ConversionFailure', `Error parsing date string '${text}'`)
}

function patternOf(format: unknown): string {
  if (typeof format !== 'string')
    throw locationError(18533, `$dateToString requires that 'format' be a string, found: ${typeOf(format)}`)
  return format
}

function formatted(local: Date, offset: number, pattern: string): string {
  return pattern.replace(/%(.?)/gs, (_whole, specifier: string) => {
    const text = formatPart(specifier, local, offset)
    if (text === undefined)
      throw locationError(18536, `Invalid format character '%${specifier}' in format string`)
    return text
  })
}

function formatPart(specifier: string, local: Date, offset: number): string | undefined {
  switch (specifier) {
    case 'Y':
      return padded(local.getUTCFullYear(), 4)
    case 'm':
      return padded(local.getUTCMonth() + 1, 2)
    case 'd':
      return padded(local.getUTCDate(), 2)
    case 'H':
      return padded(local.getUTCHours(), 2)
    case 'M':
      return padded(local.getUTCMinutes(), 2)
    case 'S':
      return padded(local.getUTCSeconds(), 2)
    case 'L':
      return padded(local.getUTCMilliseconds(), 3)
    case 'j':
      return padded(dayOfYear(local), 3)
    case 'w':
      return String(local.getUTCDay() + 1)
    case 'u':
      return String(isoDayOfWeek(local))
    case 'U':
      return padded(weekOfYear(local), 2)
    case 'V':
      return padded(isoWeek(local).week, 2)
    case 'G':
      return padded(isoWeek(local).year, 4)
    case 'b':
      return (MONTHS[local.getUTCMonth()] ?? '').slice(0, 3)
    case 'B':
      return MONTHS[local.getUTCMonth()] ?? ''
    case 'z':
      return `${offset < 0 ? '-' : '+'}${padded(Math.floor(Math.abs(offset) / 60), 2)}${padded(Math.abs(offset) % 60, 2)}`
    case 'Z':
      return `${offset < 0 ? '-' : '+'}${padded(Math.abs(offset), 3)}`
    case '%':
      return '%'
    default:
      return undefined
  }
}

function isoDate(text: string, timezone: unknown): Date | undefined {
  const parsed = parseDateText(text)
  if (parsed === undefined) return undefined
  if (parsed.zoned && !isNullish(timezone)) {
    throw serverError(
      241,
      'ConversionFailure',
      `you cannot pass in a date/time string with time zone information ('${text}') together with a timezone argument`,
    )
  }
  return parsed.zoned ? parsed.date : instantOf(parsed.date, zoneOffset(timezone))
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
