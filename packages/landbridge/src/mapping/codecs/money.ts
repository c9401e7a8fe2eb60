import { Double, Int32 } from 'bson'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import {
  compareDecimals,
  decimal128Of,
  decimalOfNumber,
  decimalOfText,
  digitsOf,
  normaliseDecimal,
} from '../decimal.ts'
import { MappingError } from '../mapping-error.ts'
import type { PgValue } from '../types.ts'
import { type Codec, type FieldOptions, type RawWay, refuse, refuseType } from './codec.ts'

export interface DecimalOptions extends FieldOptions {
  /** Smallest value that the column's CHECK allows, as decimal text. */
  min?: string
  /** The value must be greater than this. */
  exclusiveMin?: string
  max?: string
  /**
   * The BSON form of a column value: `number` is Int32 if integral and in range, else Double if its shortest decimal
   * is the value, else Decimal128. Default `number`.
   */
  form?: 'number' | 'decimal128' | 'text'
}

/**
 * An exact decimal number: numeric(p, s). Numbers of every BSON type and decimal text land in the column exactly, or
 * are refused: NaN, Infinity, too many decimals (which Postgres would round silently), `12 USD`.
 */
export function money(column: AnyPgColumn, options: DecimalOptions = {}): Codec {
  const limits = limitsOf(column)
  const bounds = boundsOf(options)
  const form = options.form ?? 'number'
  return {
    kind: 'decimal',
    columns: [column],
    refused: options.refused,
    empty: options.empty,
    raw: form === 'number' ? rawWay(limits, options) : { kind: 'general' },
    settings: {
      form,
      min: options.min ?? null,
      exclusiveMin: options.exclusiveMin ?? null,
      max: options.max ?? null,
    },
    encode(value, type) {
      const isNumber = type === 'int32' || type === 'double' || type === 'long' || type === 'decimal128'
      if (!isNumber && type !== 'string') return refuseType('a number', type)
      const decimal = isNumber ? decimalOfNumber(type, value) : decimalOfText(value as string)
      if (decimal === undefined) {
        return isNumber
          ? refuse('range', 'NaN or infinite')
          : refuse('type', 'text that is no plain decimal number')
      }
      const { whole, fraction } = digitsOf(decimal)
      if (fraction > limits.scale) return refuse('precision', `more than ${limits.scale} decimals`)
      if (whole > limits.whole) return refuse('range', `more than ${limits.whole} digits before the point`)
      const trouble = bounds(decimal)
      if (trouble !== undefined) return refuse('check', trouble)
      return { cells: [decimal], exact: type === 'int32' && form === 'number' ? true : undefined }
    },
    decode([cell]) {
      const decimal = normaliseDecimal(String(cell))
      if (decimal === undefined) {
        throw new MappingError(
          'row-not-mappable',
          `${column.name} holds ${String(cell)}, which is no finite number`,
        )
      }
      return bsonOfDecimal(decimal, form)
    },
  }
}

/** The same for amounts that are not money: on-chain integers in numeric(78, 0), rates. */
export const decimal = money

/** The BSON value of a normalised decimal in the given form. */
export function bsonOfDecimal(decimal: string, form: 'number' | 'decimal128' | 'text'): PgValue | object {
  if (form === 'text') return decimal
  if (form === 'number') {
    const number = Number(decimal)
    if ((number | 0) === number && String(number) === decimal) return new Int32(number)
    if (normaliseDecimal(String(number)) === decimal) return new Double(number)
  }
  // Past 34 digits there is no BSON number; text is exact.
  return decimal128Of(decimal) ?? decimal
}

/** Numbers walk where every one of 16 digits fits, and where the bounds are doubles themselves. */
function rawWay(limits: { whole: number; scale: number }, options: DecimalOptions): RawWay {
  const bounds = [options.min, options.exclusiveMin, options.max]
  const areDoubles = bounds.every(
    (bound) => bound === undefined || normaliseDecimal(String(Number(bound))) === bound,
  )
  if (limits.whole < 16 || !areDoubles) return { kind: 'general' }
  return {
    kind: 'numeric',
    scale: limits.scale,
    min: Number(options.min ?? -Infinity),
    exclusiveMin: Number(options.exclusiveMin ?? -Infinity),
    max: Number(options.max ?? Infinity),
  }
}

function limitsOf(column: AnyPgColumn): { whole: number; scale: number } {
  const match = /^numeric(?:\((\d+)(?:,\s*(\d+))?\))?$/.exec(column.getSQLType())
  if (match === null) {
    throw new MappingError(
      'mapping-invalid',
      `${column.name} is ${column.getSQLType()}; money needs a numeric column`,
    )
  }
  // Postgres holds at most 131,072 digits before and 16,383 after the point where nothing is declared.
  if (match[1] === undefined) return { whole: 131_072, scale: 16_383 }
  const scale = Number(match[2] ?? 0)
  return { whole: Number(match[1]) - scale, scale }
}

/** Why a decimal is out of the declared bounds; undefined where it is within. */
export function boundsOf(
  options: Pick<DecimalOptions, 'min' | 'exclusiveMin' | 'max'>,
): (decimal: string) => string | undefined {
  const { min, exclusiveMin, max } = options
  return (decimal) => {
    if (min !== undefined && compareDecimals(decimal, min) < 0) return `less than ${min}`
    if (exclusiveMin !== undefined && compareDecimals(decimal, exclusiveMin) <= 0)
      return `not greater than ${exclusiveMin}`
    if (max !== undefined && compareDecimals(decimal, max) > 0) return `greater than ${max}`
    return undefined
  }
}
