import { type Binary, type Decimal128, Double, Int32, ObjectId, type Timestamp } from 'bson'
import { fromDecimal128, toDecimal128 } from '../../bson/decimal.ts'
import { isLongRange, long, numberType, toDecimal, toDouble, toInteger } from '../../bson/number.ts'
import { isTrue } from '../../bson/truth.ts'
import { isNullish, isNumber, typeOf } from '../../bson/value-type.ts'
import { addTypeNames } from '../../query/value-tests.ts'
import { badValue, notSupported, ServerError, serverError } from '../../server-error.ts'
import { namedOperand, type OperatorTable, unary } from './operator.ts'
import { numberText } from './string.ts'

/** `$type`, `$isNumber`, `$convert` and its short forms. */
export const CONVERSION: OperatorTable = {
  $type: unary('$type', (value) => typeOf(value)),
  $isNumber: unary('$isNumber', (value) => isNumber(value)),
  $toBool: unary('$toBool', (value) => convert(value, 'bool')),
  $toDate: unary('$toDate', (value) => convert(value, 'date')),
  $toDecimal: unary('$toDecimal', (value) => convert(value, 'decimal')),
  $toDouble: unary('$toDouble', (value) => convert(value, 'double')),
  $toInt: unary('$toInt', (value) => convert(value, 'int')),
  $toLong: unary('$toLong', (value) => convert(value, 'long')),
  $toObjectId: unary('$toObjectId', (value) => convert(value, 'objectId')),
  $toString: unary('$toString', (value) => convert(value, 'string')),

  $convert: (operand, { compile }) => {
    const args = namedOperand('$convert', operand, {
      required: ['input', 'to'],
      optional: ['onError', 'onNull', 'format'],
    })
    if ('format' in args) throw notSupported('$convert with format')
    const input = compile(args.input)
    const to = compile(args.to)
    const onNull = compile(args.onNull ?? null)
    const onError = 'onError' in args ? compile(args.onError) : undefined
    return (scope) => {
      const value = input(scope)
      if (isNullish(value)) return onNull(scope)
      try {
        return convert(value, targetType(to(scope)))
      } catch (error) {
        if (onError === undefined || !(error instanceof ServerError) || error.code !== CONVERSION_FAILURE)
          throw error
        return onError(scope)
      }
    }
  },
}

const CONVERSION_FAILURE = 241

function convert(value: unknown, to: string): unknown {
  if (isNullish(value)) return null
  switch (to) {
    case 'bool':
      return isTrue(value)
    case 'date':
      return toDate(value)
    case 'decimal':
      return toDecimalValue(value)
    case 'double':
      return new Double(toDoubleValue(value))
    case 'int':
      return toInt(value)
    case 'long':
      return long(toLongValue(value, 'long'))
    case 'objectId':
      return toObjectId(value)
    case 'string':
      return toText(value)
    default:
      throw badValue(`$convert cannot convert to ${to}`)
  }
}

function targetType(to: unknown): string {
  const names = new Set<string>()
  addTypeNames(to, names)
  return [...names][0] ?? ''
}

function toDate(value: unknown): Date {
  if (value instanceof Date) return value
  switch (typeOf(value)) {
    case 'objectId':
      return (value as ObjectId).getTimestamp()
    case 'timestamp':
      return new Date((value as Timestamp).getHighBits() * 1000)
    case 'long':
    case 'double':
    case 'decimal':
      return new Date(Number(toLongValue(value, 'date')))
    case 'string': {
      const date = dateOfText(String(value))
      if (date === undefined) throw failure(`Error parsing date string '${String(value)}'`)
      return date
    }
    default:
      throw unsupported(value, 'date')
  }
}

/** A date text as `$toDate` takes it: ISO 8601, UTC unless it names its zone. */
function dateOfText(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/i.test(text) || !/[T ]/.test(text) ? text : `${text}Z`
  const date = new Date(zoned.replace(' ', 'T'))
  return Number.isNaN(date.getTime()) ? undefined : date
}

function toDecimalValue(value: unknown): Decimal128 {
  if (typeof value === 'string') {
    const text = value.trim()
    if (text !== value || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?(inf(inity)?|nan)$/i.test(text)) {
      throw failure(`Failed to parse number '${value}' in $convert`)
    }
    return parseDecimal(text)
  }
  if (value === true || value === false) return toDecimal128({ coefficient: value ? 1n : 0n, exponent: 0 })
  if (value instanceof Date) return toDecimal128({ coefficient: BigInt(value.getTime()), exponent: 0 })
  if (!isNumber(value)) throw unsupported(value, 'decimal')
  return numberType(value) === 'decimal' ? (value as Decimal128) : toDecimal128(toDecimal(value))
}

function parseDecimal(text: string): Decimal128 {
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text)
  if (parts === null) return toDecimal128(Number(text.replace(/inf(inity)?/i, 'Infinity')))
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts
  const coefficient = BigInt(whole + fraction)
  return toDecimal128({
    coefficient: sign === '-' ? -coefficient : coefficient,
    exponent: Number(power) - fraction.length,
  })
}

function toDoubleValue(value: unknown): number {
  if (typeof value === 'string') return Number(String(toDecimalValue(value)))
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return value.getTime()
  if (!isNumber(value)) throw unsupported(value, 'double')
  return toDouble(value)
}

function toInt(value: unknown): Int32 {
  if (value instanceof Date) throw unsupported(value, 'int')
  const integer = toLongValue(value, 'int')
  if (integer < -2147483648n || integer > 2147483647n) throw overflow('int', integer)
  return new Int32(Number(integer))
}

/** Cuts towards zero, as conversions to integers do. */
function toLongValue(value: unknown, to: string): bigint {
  if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value)) throw failure(`Failed to parse number '${value}' in $convert`)
    return inRange(BigInt(value.replace('+', '')), to)
  }
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (value instanceof Date) return BigInt(value.getTime())
  if (!isNumber(value)) throw unsupported(value, to)
  const exact = toInteger(value)
  if (exact !== undefined) return exact
  const decimal = numberType(value) === 'decimal' ? fromDecimal128(value as Decimal128) : toDouble(value)
  if (typeof decimal === 'object') {
    const power = 10n ** BigInt(Math.abs(decimal.exponent))
    return inRange(decimal.exponent < 0 ? decimal.coefficient / power : decimal.coefficient * power, to)
  }
  if (!Number.isFinite(decimal))
    throw failure(`Attempt to convert ${decimal} value to integer type in $convert`)
  return inRange(BigInt(Math.trunc(decimal)), to)
}

function toObjectId(value: unknown): unknown {
  if (typeOf(value) === 'objectId') return value
  if (typeof value !== 'string') throw unsupported(value, 'objectId')
  if (!/^[0-9a-f]{24}$/i.test(value)) throw failure(`Failed to parse objectId '${value}' in $convert`)
  return ObjectId.createFromHexString(value)
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (isNumber(value)) return numberText(value)
  if (typeOf(value) === 'objectId') return (value as ObjectId).toHexString()
  if (typeOf(value) === 'binData' && !(value instanceof Uint8Array) && (value as Binary).sub_type === 4) {
    return (value as Binary).toUUID().toHexString()
  }
  throw unsupported(value, 'string')
}

function inRange(value: bigint, to: string): bigint {
  if (!isLongRange(value)) throw overflow(to, value)
  return value
}

function failure(message: string): Error {
  return serverError(CONVERSION_FAILURE, 'ConversionFailure', message)
}

function overflow(to: string, value: bigint): Error {
  return failure(`Conversion would overflow target type ${to} in $convert with no onError value: ${value}`)
}

function unsupported(value: unknown, to: string): Error {
  return failure(`Unsupported conversion from ${typeOf(value)} to ${to} in $convert with no onError value`)
}
