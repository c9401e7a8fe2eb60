import { Binary, type Decimal128, Double, Int32, ObjectId, type Timestamp } from 'bson'
import { fromDecimal128, toDecimal128 } from '../../bson/decimal.ts'
import { isLongRange, long, numberType, toDecimal, toDouble, toInteger } from '../../bson/number.ts'
import { isTrue } from '../../bson/truth.ts'
import { isBinary, isDocument, isNullish, isNumber, typeOf } from '../../bson/value-type.ts'
import { addTypeNames } from '../../query/value-tests.ts'
import { badValue, locationError, notSupported, ServerError, serverError } from '../../server-error.ts'
import { type BinaryFormat, binaryFormat, binaryOfText, textOfBinary } from './binary-text.ts'
import { type Evaluate, namedOperand, type OperatorTable, type Scope, unary } from './operator.ts'
import { parseDateText } from './parse-date-text.ts'
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
  $toString: unary('$toString', (value) => convert(value, 'string', { format: 'auto' })),
  $toUUID: unary('$toUUID', (value) =>
    convert(value, 'binData', { format: 'uuid', subtype: Binary.SUBTYPE_UUID }),
  ),

  $convert: (operand, { compile }) => {
    const args = namedOperand('$convert', operand, {
      required: ['input', 'to'],
      optional: ['onError', 'onNull', 'format', 'byteOrder'],
    })
    if ('byteOrder' in args) throw notSupported('$convert with byteOrder')
    const input = compile(args.input)
    const to = compileTarget(args.to, compile)
    const format = compile(args.format ?? null)
    const onNull = compile(args.onNull ?? null)
    const onError = 'onError' in args ? compile(args.onError) : undefined
    return (scope) => {
      const value = input(scope)
      const { type, subtype } = to(scope)
      const options = { format: binaryFormat(format(scope)), subtype }
      if (isNullish(value)) return onNull(scope)
      if (type === undefined) return null
      try {
        return convert(value, type, options)
      } catch (error) {
        if (onError === undefined || !(error instanceof ServerError) || error.code !== CONVERSION_FAILURE)
          throw error
        return onError(scope)
      }
    }
  },
}

const CONVERSION_FAILURE = 241

interface ConversionOptions {
  format?: BinaryFormat | undefined
  subtype?: number
}

function convert(value: unknown, to: string, { format, subtype = 0 }: ConversionOptions = {}): unknown {
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
      return isBinary(value) ? textOfBinary(value, format) : toText(value)
    case 'binData':
      return toBinary(value, format, subtype)
    default:
      throw badValue(`$convert cannot convert to ${to}`)
  }
}

/** `to` is a type, or a document of a type with the subtype of binary data. */
function compileTarget(
  to: unknown,
  compile: (spec: unknown) => Evaluate,
): (scope: Scope) => { type: string | undefined; subtype: number } {
  const { type, subtype } = isDocument(to) && 'type' in to ? to : { type: to, subtype: undefined }
  const evaluateType = compile(type)
  const evaluateSubtype = compile(subtype ?? new Int32(0))
  return (scope) => {
    const target = evaluateType(scope)
    return {
      type: isNullish(target) ? undefined : targetType(target),
      subtype: binarySubtype(evaluateSubtype(scope)),
    }
  }
}

function targetType(to: unknown): string {
  const names = new Set<string>()
  addTypeNames(to, names)
  return [...names][0] ?? ''
}

function binarySubtype(value: unknown): number {
  if (!isNumber(value)) {
    throw locationError(
      4341108,
      `For BinData, $convert's 'subtype' argument must be a number, but is ${typeOf(value)}`,
    )
  }
  const subtype = toInteger(value)
  if (subtype === undefined)
    throw locationError(4341106, "In $convert, numeric 'subtype' argument is not an integer")
  if (subtype < 0n || subtype > 255n)
    throw locationError(
      4341107,
      `In $convert, numeric value for 'subtype' does not correspond to a BinData type: ${subtype}`,
    )
  return Number(subtype)
}

function toBinary(value: unknown, format: BinaryFormat | undefined, subtype: number): unknown {
  if (typeof value === 'string') return binaryOfText(value, format, subtype)
  if (!isBinary(value)) throw unsupported(value, 'binData')
  if ((value instanceof Uint8Array ? 0 : value.sub_type) === subtype) return value
  throw failure('Conversions between different binData subtypes are not supported')
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
      const parsed = parseDateText(String(value))
      if (parsed === undefined) throw failure(`Error parsing date string '${String(value)}'`)
      return parsed.date
    }
    default:
      throw unsupported(value, 'date')
  }
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
  if (typeof value === 'string') {
    const number = Number(String(toDecimalValue(value)))
    if (!Number.isFinite(number) && /\d/.test(value))
      throw failure(`Failed to parse number '${value}' in $convert Out of range`)
    return number
  }
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
