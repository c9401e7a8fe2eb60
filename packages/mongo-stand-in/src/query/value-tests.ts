import type { Binary } from 'bson'
import { compareValues } from '../bson/compare.ts'
import { indexKey } from '../bson/index-key.ts'
import { numberType, numericValue, toDouble, toInteger } from '../bson/number.ts'
import {
  isBinary,
  isNullish,
  isNumber,
  isRegex,
  TYPE_NAMES,
  TYPE_NUMBERS,
  typeOf,
  typeOrder,
} from '../bson/value-type.ts'
import { badValue, typeMismatch } from '../server-error.ts'
import type { QueryEnvironment, ValueTest } from './predicate.ts'
import { regexTest } from './regex-test.ts'

export type Comparison = '$eq' | '$gt' | '$gte' | '$lt' | '$lte'

/**
 * `$eq`, `$gt`, `$gte`, `$lt`, `$lte` of a query: only values of the same kind are compared ("type bracketing"), save
 * with MinKey and MaxKey, which lie below and above everything.
 */
export function comparisonTest(operator: Comparison, operand: unknown, env: QueryEnvironment): ValueTest {
  if (isRegex(operand) && operator !== '$eq') {
    throw badValue(`Can't have RegEx as arg to predicate over field '${operator}'.`)
  }
  const accepts = acceptedDifference(operator)
  const order = typeOrder(operand)
  const open = typeOf(operand) === 'minKey' || typeOf(operand) === 'maxKey'
  const operandIsNaN = isNaNValue(operand)
  return (value) => {
    if (typeOrder(value) !== order && !(open && operator !== '$eq')) return false
    if (operandIsNaN || isNaNValue(value)) {
      return operandIsNaN && isNaNValue(value) && operator !== '$gt' && operator !== '$lt'
    }
    return accepts(compareValues(value, operand, env.collation))
  }
}

/** `$in`: any of the values, a regular expression standing for what it matches. */
export function inTest(operand: unknown, env: QueryEnvironment, operator = '$in'): ValueTest {
  if (!Array.isArray(operand)) throw badValue(`${operator} needs an array`)
  const keys = new Set<string>()
  const patterns: ValueTest[] = []
  for (const candidate of operand) {
    if (isRegex(candidate)) patterns.push(regexTest(candidate, undefined))
    else if (isOperatorDocument(candidate)) throw badValue(`cannot nest $ under ${operator}`)
    keys.add(indexKey(candidate, env.collation))
  }
  return (value) => keys.has(indexKey(value, env.collation)) || patterns.some((matches) => matches(value))
}

/** `$type`: one or several names or numbers. Whether elements of an array count is the path's business. */
export function typeTest(operand: unknown): ValueTest {
  const wanted = new Set<string>()
  for (const alias of Array.isArray(operand) ? operand : [operand]) addTypeNames(alias, wanted)
  if (wanted.size === 0) throw typeMismatch('$type must match at least one type')
  return (value) => wanted.has(typeOf(value))
}

/** Adds what a type alias stands for; `number` stands for four types. */
export function addTypeNames(alias: unknown, wanted: Set<string>): void {
  if (alias === 'number') {
    for (const type of ['int', 'long', 'double', 'decimal']) wanted.add(type)
  } else if (typeof alias === 'string') {
    if (!TYPE_NAMES.has(alias) && alias !== 'undefined') throw badValue(`Unknown type name alias: ${alias}`)
    wanted.add(alias)
  } else {
    const number = toInteger(alias)
    const type = number === undefined ? undefined : TYPE_NUMBERS.get(Number(number))
    if (type === undefined) throw badValue(`Invalid numerical type code: ${String(alias)}`)
    wanted.add(type)
  }
}

/** `$size`: the length of an array, exactly. */
export function sizeTest(operand: unknown): ValueTest {
  const size = toInteger(operand)
  if (size === undefined) throw badValue('Failed to parse $size. Expected an integer')
  if (size < 0n) throw badValue('Failed to parse $size. Expected a non-negative number')
  return (value) => Array.isArray(value) && BigInt(value.length) === size
}

/** `$mod: [divisor, remainder]`; both and the value are cut to integers. */
export function modTest(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw badValue('malformed mod, needs to be an array')
  if (operand.length < 2) throw badValue('malformed mod, not enough elements')
  if (operand.length > 2) throw badValue('malformed mod, too many elements')
  const divisor = truncated(operand[0])
  const remainder = truncated(operand[1])
  if (divisor === undefined) throw badValue('malformed mod, divisor not a number')
  if (remainder === undefined) throw badValue('malformed mod, remainder not a number')
  if (divisor === 0n) throw badValue('divisor cannot be 0')
  return (value) => {
    const integer = truncated(value)
    return integer !== undefined && integer % divisor === remainder
  }
}

export type BitOperator = '$bitsAllSet' | '$bitsAnySet' | '$bitsAllClear' | '$bitsAnyClear'

/** `$bits…`: the mask is a number, a list of bit positions, or binary data read from its first byte. */
export function bitsTest(operator: BitOperator, operand: unknown): ValueTest {
  const mask = bitMask(operator, operand)
  return (value) => {
    const bits = bitsOf(value)
    if (bits === undefined) return false
    const set = bits & mask
    if (operator === '$bitsAllSet') return set === mask
    if (operator === '$bitsAnySet') return set !== 0n
    return operator === '$bitsAllClear' ? set === 0n : set !== mask
  }
}

/** Whether a value is a document of operators, as `{ $gt: 1 }`; a reference (`$ref`, `$id`, `$db`) is not. */
export function isOperatorDocument(value: unknown): value is Record<string, unknown> {
  if (typeOf(value) !== 'object') return false
  const [first] = Object.keys(value as object)
  return first?.startsWith('$') === true && first !== '$ref' && first !== '$id' && first !== '$db'
}

function acceptedDifference(operator: Comparison): (difference: number) => boolean {
  switch (operator) {
    case '$eq':
      return (difference) => difference === 0
    case '$gt':
      return (difference) => difference > 0
    case '$gte':
      return (difference) => difference >= 0
    case '$lt':
      return (difference) => difference < 0
    case '$lte':
      return (difference) => difference <= 0
  }
}

function isNaNValue(value: unknown): boolean {
  return !isNullish(value) && isNumber(value) && Number.isNaN(numericValue(value))
}

function truncated(value: unknown): bigint | undefined {
  if (numberType(value) === undefined) return undefined
  const exact = toInteger(value)
  if (exact !== undefined) return exact
  const double = Math.trunc(toDouble(value))
  return Number.isFinite(double) ? BigInt(double) : undefined
}

function bitMask(operator: string, operand: unknown): bigint {
  if (Array.isArray(operand)) {
    let mask = 0n
    for (const entry of operand) {
      const position = toInteger(entry)
      if (position === undefined || position < 0n) {
        throw badValue(`bit positions must be non-negative integers in ${operator}`)
      }
      mask |= 1n << position
    }
    return mask
  }
  if (isBinary(operand)) return bitsOf(operand) ?? 0n
  const mask = toInteger(operand)
  if (mask === undefined)
    throw badValue(`value takes an Array, a number, or a BinData but received ${operator}`)
  if (mask < 0n) throw badValue(`Expected a non-negative number in ${operator}`)
  return mask
}

function bitsOf(value: unknown): bigint | undefined {
  if (!isBinary(value)) return toInteger(value)
  const bytes = value instanceof Uint8Array ? value : (value as Binary).buffer.subarray(0, value.position)
  let bits = 0n
  for (let at = bytes.length - 1; at >= 0; at--) bits = (bits << 8n) | BigInt(bytes[at] ?? 0)
  return bits
}
