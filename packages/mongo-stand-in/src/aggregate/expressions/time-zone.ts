import { isNullish } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'

/** Minutes that local time is ahead of UTC at an instant. */
export type ZoneOffset = (instant: number) => number

const MINUTE = 60_000
const zones = new Map<string, ZoneOffset>()

/** The zone of a name (`Europe/Vienna`) or an offset (`+02`, `-0530`, `+05:30`); UTC where none is given. */
export function zoneOffset(zone: unknown): ZoneOffset {
  if (isNullish(zone)) return () => 0
  if (typeof zone !== 'string') throw locationError(40517, 'timezone must evaluate to a string')
  const known = zones.get(zone)
  if (known !== undefined) return known
  const offset = readZone(zone)
  zones.set(zone, offset)
  return offset
}

/** A Date whose UTC fields show the local time of the zone. */
export function localTime(date: Date, offset: ZoneOffset): Date {
  return new Date(date.getTime() + offset(date.getTime()) * MINUTE)
}

/** The instant of a local time, given as a Date whose UTC fields show it. */
export function instantOf(local: Date, offset: ZoneOffset): Date {
  const first = local.getTime() - offset(local.getTime()) * MINUTE
  // The first guess may lie on the other side of a change of the clock.
  return new Date(local.getTime() - offset(first) * MINUTE)
}

function readZone(zone: string): ZoneOffset {
  const fixed = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)
    return () => (fixed[1] === '-' ? -minutes : minutes)
  }
  if (zone === 'Z') return () => 0
  const format = formatFor(zone)
  return (instant) => {
    const part = Object.fromEntries(
      format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    )
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    const shown = Date.UTC(year, month - 1, day, hour, minute, second)
    return Math.round((shown - Math.floor(instant / 1000) * 1000) / MINUTE)
  }
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    if (cause instanceof RangeError)
      throw locationError(40485, `unrecognized time zone identifier: "${timeZone}"`)
    throw cause
  }
}
