import pg from 'pg'

const NUMERIC_ARRAY = 1231
const TEXT_ARRAY = 1009 as Parameters<typeof pg.types.getTypeParser>[0]
const DATE = 1082
const TIMESTAMP = 1114
const TIMESTAMPTZ = 1184

/**
 * How columns become PgValues: numeric and int8 stay text (money is never a JavaScript number, also not inside an
 * array, where node-postgres would make doubles of them), timestamptz a Date, jsonb parsed, a date its text.
 */
export const columnTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
    if (oid === NUMERIC_ARRAY) return pg.types.getTypeParser(TEXT_ARRAY, 'text')
    if (oid === DATE || oid === TIMESTAMP) return (value) => value
    if (oid === TIMESTAMPTZ && format !== 'binary') return readTimestamp
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
  },
}

const readUsual = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (value: string) => unknown
const LATE = /^(\d+)-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d(?:\.\d+)?)([+-])(\d\d)(?::(\d\d))?$/

/**
 * The last hours that a Date can hold (people store them for "never") lie past its end on the clock of a session that
 * is ahead of UTC: the driver reads that clock first, and gives up.
 */
function readTimestamp(value: string): unknown {
  const usual = readUsual(value)
  const late = usual instanceof Date && Number.isNaN(usual.getTime()) ? LATE.exec(value) : null
  if (late === null) return usual
  const [, year, month, day, hours, minutes, seconds, sign, zoneHours, zoneMinutes] = late
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes ?? 0)) * (sign === '-' ? -1 : 1)
  const clock = (Number(hours) * 60 + Number(minutes) - offset) * 60_000 + Math.round(Number(seconds) * 1_000)
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)) + clock)
}
