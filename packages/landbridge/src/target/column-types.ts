import pg from 'pg'

const NUMERIC_ARRAY = 1231
const TEXT_ARRAY = 1009 as Parameters<typeof pg.types.getTypeParser>[0]
const DATE = 1082
const TIMESTAMP = 1114

/**
 * How columns become PgValues: numeric and int8 stay text (money is never a JavaScript number, also not inside an
 * array, where node-postgres would make doubles of them), timestamptz a Date, jsonb parsed, a date its text.
 */
export const columnTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
    if (oid === NUMERIC_ARRAY) return pg.types.getTypeParser(TEXT_ARRAY, 'text')
    if (oid === DATE || oid === TIMESTAMP) return (value) => value
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
  },
}
