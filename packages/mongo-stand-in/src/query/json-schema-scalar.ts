import type { Decimal128 } from 'bson'
import { fromDecimal128, remainderOfDecimals } from '../bson/decimal.ts'
import { indexKey } from '../bson/index-key.ts'
import {
  compareNumeric,
  decimalResult,
  numberType,
  numericValue,
  toDouble,
  widerType,
} from '../bson/number.ts'
import { isNumber, typeOf } from '../bson/value-type.ts'
import { failedToParse, typeMismatch } from '../server-error.ts'
import { atLeast, atMost, booleanArgument, type KeywordTable, sizeKeyword } from './json-schema-keyword.ts'
import { compileRegex } from './regex-test.ts'
import { addTypeNames } from './value-tests.ts'

/** The type names of JSON schema itself; `integer` is refused, as a mongod does. */
const JSON_TYPES: Record<string, string> = {
  array: 'array',
  boolean: 'bool',
  null: 'null',
  number: 'number',
  object: 'object',
  string: 'string',
}

/** Keywords about the type of a value, and about numbers and strings. */
export const SCALAR_KEYWORDS: KeywordTable = {
  title: textOnly('title'),
  description: textOnly('description'),

  bsonType: (argument) => typeKeyword('bsonType', argument, (name) => name),
  type: (argument) =>
    typeKeyword('type', argument, (name) => {
      const type = JSON_TYPES[name]
      if (type === undefined) {
        throw failedToParse(`$jsonSchema type '${name}' is not currently supported, use bsonType instead`)
      }
      return type
    }),

  enum: (argument) => {
    if (!Array.isArray(argument)) throw typeMismatch("$jsonSchema keyword 'enum' must be an array")
    if (argument.length === 0) throw failedToParse("$jsonSchema keyword 'enum' cannot be an empty array")
    const allowed = new Set(argument.map((value) => indexKey(value)))
    return (value) => allowed.has(indexKey(value))
  },

  minimum: (argument, { schema }) =>
    bound('minimum', argument, schema.exclusiveMinimum === true ? (d) => d > 0 : (d) => d >= 0),
  maximum: (argument, { schema }) =>
    bound('maximum', argument, schema.exclusiveMaximum === true ? (d) => d < 0 : (d) => d <= 0),
  exclusiveMinimum: exclusive('exclusiveMinimum', 'minimum'),
  exclusiveMaximum: exclusive('exclusiveMaximum', 'maximum'),

  multipleOf: (argument) => {
    if (!isNumber(argument)) throw typeMismatch("$jsonSchema keyword 'multipleOf' must be a number")
    if (compareNumeric(numericValue(argument), 0) <= 0) {
      throw failedToParse("$jsonSchema keyword 'multipleOf' must have a positive value")
    }
    return (value) => !isNumber(value) || isMultiple(value, argument)
  },

  minLength: sizeKeyword('minLength', codePoints, atLeast),
  maxLength: sizeKeyword('maxLength', codePoints, atMost),

  pattern: (argument) => {
    if (typeof argument !== 'string') throw typeMismatch("$jsonSchema keyword 'pattern' must be a string")
    const regex = compileRegex(argument, undefined)
    return (value) => typeof value !== 'string' || regex.test(value)
  },
}

function typeKeyword(keyword: string, argument: unknown, translate: (name: string) => string) {
  const types = new Set<string>()
  for (const name of Array.isArray(argument) ? argument : [argument]) {
    if (typeof name !== 'string') {
      throw typeMismatch(`$jsonSchema keyword '${keyword}' must be either a string or an array of strings`)
    }
    addTypeNames(translate(name), types)
  }
  if (types.size === 0) throw failedToParse(`$jsonSchema keyword '${keyword}' must name at least one type`)
  return (value: unknown) => types.has(typeOf(value))
}

function bound(keyword: string, argument: unknown, accepts: (difference: number) => boolean) {
  if (!isNumber(argument)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a number`)
  const limit = numericValue(argument)
  return (value: unknown) => !isNumber(value) || accepts(compareNumeric(numericValue(value), limit))
}

function exclusive(keyword: string, needs: string): KeywordTable[string] {
  return (argument, { schema }) => {
    booleanArgument(keyword, argument)
    if (!(needs in schema))
      throw failedToParse(`$jsonSchema keyword '${needs}' must be present if ${keyword} is`)
    return undefined
  }
}

function textOnly(keyword: string): KeywordTable[string] {
  return (argument) => {
    if (typeof argument !== 'string')
      throw typeMismatch(`$jsonSchema keyword '${keyword}' must be of type string`)
    return undefined
  }
}

function isMultiple(value: unknown, of: unknown): boolean {
  const type = widerType(numberType(value) ?? 'int', numberType(of) ?? 'int')
  if (type === 'double') return toDouble(value) % toDouble(of) === 0
  const rest: Decimal128 = decimalResult(value, of, remainderOfDecimals, (a, b) => a % b)
  const numeric = fromDecimal128(rest)
  return typeof numeric === 'object' && numeric.coefficient === 0n
}

function codePoints(value: unknown): number | undefined {
  return typeof value === 'string' ? [...value].length : undefined
}
