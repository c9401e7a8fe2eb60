import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { PgValue } from '../types.ts'
import { type Codec, type Encoded, type FieldOptions, refuse, refuseType } from './codec.ts'

/** 4713 BC, where Postgres begins. Its end (294276) lies beyond the last JavaScript date. */
export const FIRST_TIMESTAMP_MS = -210_866_803_200_000
export const LAST_TIMESTAMP_MS = 8_640_000_000_000_000

const ISO_TEXT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/

/**
 * timestamptz to the millisecond. ISO 8601 text with a zone (or a bare day, UTC) lands in the column and comes back
 * as the text that it was; numbers do not, for nobody can tell seconds from milliseconds.
 */
export function timestamp(column: AnyPgColumn, options: FieldOptions = {}): Codec {
  const digits = /\((\d)\)/.exec(column.getSQLType())?.[1]
  const step = digits === undefined ? 1 : 10 ** Math.max(0, 3 - Number(digits))
  const encodeDate = (date: Date, exact: boolean): Encoded => {
    const ms = date.getTime()
    if (!(ms >= FIRST_TIMESTAMP_MS && ms <= LAST_TIMESTAMP_MS))
      return refuse('range', 'a date that Postgres cannot hold')
    // A column of fewer digits would round silently.
    return ms % step === 0
      ? { cells: [date], exact }
      : refuse('precision', `finer than the column's ${step} ms`)
  }
  return {
    kind: 'timestamp',
    columns: [column],
    refused: options.refused,
    empty: options.empty,
    raw: step === 1 ? { kind: 'timestamp' } : { kind: 'general' },
    encode(value, type) {
      if (type === 'date') return encodeDate(value as Date, true)
      if (type !== 'string') return refuseType('a date', type)
      const text = value as string
      const ms = ISO_TEXT.test(text) ? Date.parse(text) : Number.NaN
      return Number.isNaN(ms)
        ? refuse('type', 'text that is no ISO 8601 date with a zone')
        : encodeDate(new Date(ms), false)
    },
    decode: ([cell]: PgValue[]) => new Date((cell as Date).getTime()),
  }
}
