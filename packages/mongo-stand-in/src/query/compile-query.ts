import type { Document } from 'bson'
import type { Collation } from '../bson/compare.ts'
import { toDouble } from '../bson/number.ts'
import { isDocument, isNullish, isNumber, isRegex, typeOf } from '../bson/value-type.ts'
import { badValue, notSupported } from '../server-error.ts'
import { expressionPredicate } from './expression-predicate.ts'
import { fieldPredicate } from './field-predicate.ts'
import { compileJsonSchema } from './json-schema.ts'
import type { MatchDetails, Predicate, QueryEnvironment } from './predicate.ts'
import { isOperatorDocument } from './value-tests.ts'

export interface QueryOptions {
  collation?: Collation
  /** Variables that `$expr` sees as `$$name`, already evaluated. */
  let?: Document
}

export interface CompiledQuery {
  test(document: Document): boolean
  /** The position of the array element that matched, for the positional operator; undefined if no array was entered. */
  positional(document: Document): number | undefined
  /**
   * Path to value, for what the filter pins by equality at its top level or under `$and`. Only values that an index
   * finds as they stand: no null (it also matches missing fields), no array (an index holds its elements), no regex.
   */
  equalities: Map<string, unknown>
}

/**
 * Compiles a query filter.
 *
 * @throws ServerError BadValue for an operator that does not exist or has a bad argument; NotImplemented for one that
 *   the stand-in leaves out (`$where`, `$text`, geo queries).
 */
export function compileQuery(filter: Document, options: QueryOptions = {}): CompiledQuery {
  const env: QueryEnvironment = { collation: options.collation, let: options.let }
  const predicate = compileFilter(filter, env)
  const equalities = new Map<string, unknown>()
  collectEqualities(filter, equalities)
  return {
    test: (document) => predicate(document, {}),
    positional: (document) => {
      const details: MatchDetails = {}
      return predicate(document, details) ? details.index : undefined
    },
    equalities,
  }
}

/** Compiles a filter within a larger query: every condition must hold. */
export function compileFilter(filter: Document, env: QueryEnvironment): Predicate {
  const conditions: Predicate[] = []
  for (const [key, value] of Object.entries(filter)) {
    if (!key.startsWith('$')) conditions.push(fieldPredicate(key, value, env))
    else if (key !== '$comment') conditions.push(topLevelOperator(key, value, env))
  }
  return every(conditions)
}

function topLevelOperator(operator: string, operand: unknown, env: QueryEnvironment): Predicate {
  switch (operator) {
    case '$and':
      return every(filterList(operator, operand, env))
    case '$or': {
      const branches = filterList(operator, operand, env)
      return (document, details) => branches.some((branch) => branch(document, details))
    }
    case '$nor': {
      const branches = filterList(operator, operand, env)
      return (document) => !branches.some((branch) => branch(document, {}))
    }
    case '$expr':
      return expressionPredicate(operand, env)
    case '$jsonSchema':
      return compileJsonSchema(operand)
    case '$alwaysTrue':
      return () => true
    case '$alwaysFalse':
      return () => false
    case '$sampleRate':
      return sampleRate(operand)
    case '$where':
    case '$text':
      throw notSupported(operator)
    default:
      throw badValue(
        `unknown top level operator: ${operator}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      )
  }
}

/** Lets about this part of the documents through. */
function sampleRate(operand: unknown): Predicate {
  if (!isNumber(operand)) throw badValue('argument to $sampleRate must be a numeric type')
  const rate = toDouble(operand)
  if (!(rate >= 0 && rate <= 1)) throw badValue('numeric argument to $sampleRate must be in [0, 1]')
  return () => Math.random() < rate
}

function filterList(operator: string, operand: unknown, env: QueryEnvironment): Predicate[] {
  if (!Array.isArray(operand)) throw badValue(`${operator} argument must be an array`)
  if (operand.length === 0) throw badValue('$and/$or/$nor must be a nonempty array')
  return operand.map((filter) => {
    if (!isDocument(filter)) throw badValue(`${operator} entries need to be full objects`)
    return compileFilter(filter, env)
  })
}

function every(conditions: Predicate[]): Predicate {
  const [only] = conditions
  if (only !== undefined && conditions.length === 1) return only
  return (document, details) => conditions.every((condition) => condition(document, details))
}

function collectEqualities(filter: Document, found: Map<string, unknown>): void {
  for (const [key, value] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(value)) {
      for (const part of value) if (isDocument(part)) collectEqualities(part, found)
    } else if (!key.startsWith('$')) {
      const pinned = pinnedValue(value)
      if (isIndexable(pinned)) found.set(key, pinned)
    }
  }
}

/** The value of `{ field: value }`, `{ field: { $eq: value } }` and `{ field: { $in: [value] } }`. */
function pinnedValue(condition: unknown): unknown {
  if (!isOperatorDocument(condition)) return condition
  if ('$eq' in condition) return condition.$eq
  const list = condition.$in
  return Array.isArray(list) && list.length === 1 ? list[0] : undefined
}

function isIndexable(value: unknown): boolean {
  return !isNullish(value) && !isRegex(value) && typeOf(value) !== 'array'
}
