import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { compareDecimals, decimalOfNumber, decimalOfText } from '../decimal.ts'
import { MappingError } from '../mapping-error.ts'
import type { PgValue } from '../types.ts'
import { type Codec, type FieldOptions, refuse, refuseType } from './codec.ts'
import { boundsOf, bsonOfDecimal } from './money.ts'

export interface IntegerOptions extends FieldOptions {
  min?: number
  max?: number
  /** The values that the column's CHECK knows. */
  allowed?: readonly number[]
}

const RANGES: Record<string, [string, string]> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
}

/** Whole numbers: smallint, integer and bigint columns. Numbers of every BSON type and digit text, exactly. */
export function integer(column: AnyPgColumn, options: IntegerOptions = {}): Codec {
  const sqlType = column.getSQLType()
  const range = RANGES[sqlType]
  if (range === undefined) {
    throw new MappingError(
      'mapping-invalid',
      `${column.name} is ${sqlType}; integer needs smallint, integer or bigint`,
    )
  }
  const isBig = sqlType === 'bigint'
  const bounds = boundsOf({
    min: options.min === undefined ? undefined : String(options.min),
    max: options.max === undefined ? undefined : String(options.max),
  })
  const allowed = options.allowed === undefined ? undefined : new Set(options.allowed)
  return {
    kind: 'integer',
    columns: [column],
    refused: options.refused,
    empty: options.empty,
    raw: {
      kind: 'integer',
      size: isBig ? 8 : sqlType === 'integer' ? 4 : 2,
      min: Math.max(options.min ?? -Infinity, Number(range[0])),
      max: Math.min(options.max ?? Infinity, Number(range[1])),
      allowed,
    },
    settings: {
      min: options.min ?? null,
      max: options.max ?? null,
      ...(options.allowed === undefined ? {} : { allowed: [...options.allowed] }),
    },
    encode(value, type) {
      const isNumber = type === 'int32' || type === 'double' || type === 'long' || type === 'decimal128'
      if (!isNumber && type !== 'string') return refuseType('a whole number', type)
      const decimal = isNumber ? decimalOfNumber(type, value) : decimalOfText(value as string)
      if (decimal === undefined) {
        return isNumber
          ? refuse('range', 'NaN or infinite')
          : refuse('type', 'text that is no plain whole number')
      }
      if (decimal.includes('.')) return refuse('precision', 'not a whole number')
      if (compareDecimals(decimal, range[0]) < 0 || compareDecimals(decimal, range[1]) > 0) {
        return refuse('range', `outside of ${sqlType}`)
      }
      const trouble = bounds(decimal)
      if (trouble !== undefined) return refuse('check', trouble)
      if (allowed !== undefined && !allowed.has(Number(decimal)))
        return refuse('enum', 'not one of the values of the column')
      return { cells: [isBig ? decimal : Number(decimal)], exact: type === 'int32' ? true : undefined }
    },
    decode: ([cell]: PgValue[]) => bsonOfDecimal(String(cell), 'number'),
  }
}
