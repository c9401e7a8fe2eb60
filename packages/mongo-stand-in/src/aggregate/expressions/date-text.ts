import { isNullish, typeOf } from '../../bson/value-type.ts'
import { locationError, notSupported, serverError } from '../../server-error.ts'
import { dayOfYear, isoDayOfWeek, isoWeek, weekOfYear } from './calendar.ts'
import { dateOf } from './date-of.ts'
import { named, type OperatorTable } from './operator.ts'
import { instantOf, localTime, zoneOffset } from './time-zone.ts'

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

/** `$dateToString`, and `$dateFromString` for ISO 8601 texts. */
export const DATE_TEXT: OperatorTable = {
  $dateToString: named(
    '$dateToString',
    { required: ['date'], optional: ['format', 'timezone', 'onNull'] },
    ({ date, format, timezone, onNull }) => {
      if (isNullish(date)) return onNull ?? null
      if (format === null || timezone === null) return null
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
      const { dateString, format, timezone, onNull } = args
      if (isNullish(dateString)) return onNull ?? null
      if (format !== undefined) throw notSupported('$dateFromString with format')
      const date = typeof dateString === 'string' ? isoDate(dateString, timezone) : undefined
      if (date !== undefined) return date
      if ('onError' in args) return args.onError
      throw serverError(241, 'ConversionFailure', `Error parsing date string '${String(dateString)}'`)
    },
  ),
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
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i.test(text))
    return undefined
  const named = /([T ].*)(Z|[+-]\d{2}:?\d{2})$/i.test(text)
  if (named && !isNullish(timezone)) {
    throw serverError(
      241,
      'ConversionFailure',
      `you cannot pass in a date/time string with time zone information ('${text}') together with a timezone argument`,
    )
  }
  const [day = '', time = '00:00'] = text.split(/[T ]/i)
  const date = new Date(named ? `${day}T${time}` : `${day}T${time}Z`)
  if (Number.isNaN(date.getTime())) return undefined
  return named ? date : instantOf(date, zoneOffset(timezone))
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
