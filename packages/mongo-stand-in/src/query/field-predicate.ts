import type { Document } from 'bson'
import { isTrue } from '../bson/truth.ts'
import { isDocument, isRegex } from '../bson/value-type.ts'
import { badValue, notSupported } from '../server-error.ts'
import { compileFilter } from './compile-query.ts'
import type { Predicate, QueryEnvironment, ValueTest } from './predicate.ts'
import { regexTest } from './regex-test.ts'
import {
  bitsTest,
  comparisonTest,
  inTest,
  isOperatorDocument,
  modTest,
  sizeTest,
  typeTest,
} from './value-tests.ts'
import { visitPath } from './visit-path.ts'

/** Where a condition looks: a path, and whether an array at its end also offers its elements. */
interface Target {
  segments: readonly string[]
  leafElements: boolean
}

/** The conditions that a filter puts on one path: a value, a regular expression, or a document of operators. */
export function fieldPredicate(path: string, condition: unknown, env: QueryEnvironment): Predicate {
  const target: Target = { segments: path.split('.'), leafElements: true }
  if (isRegex(condition)) return anyValue(target, regexTest(condition, undefined))
  if (!isOperatorDocument(condition)) return equality(target, condition, env)
  return operatorPredicates(target, condition, env)
}

function operatorPredicates(target: Target, operators: Document, env: QueryEnvironment): Predicate {
  const conditions = Object.entries(operators)
    .filter(([operator]) => operator !== '$comment')
    .map(([operator, operand]) => operatorPredicate(target, operator, operand, operators, env))
  return (document, details) => conditions.every((condition) => condition(document, details))
}

function operatorPredicate(
  target: Target,
  operator: string,
  operand: unknown,
  siblings: Document,
  env: QueryEnvironment,
): Predicate {
  switch (operator) {
    case '$eq':
      return equality(target, operand, env)
    case '$ne':
      if (isRegex(operand)) throw badValue("Can't have regex as arg to $ne.")
      return not(equality(target, operand, env))
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return anyValue(target, comparisonTest(operator, operand, env))
    case '$in':
      return anyValue(target, inTest(operand, env))
    case '$nin':
      return not(anyValue(target, inTest(operand, env, '$nin')))
    case '$exists': {
      const exists = anyValue(target, (value) => value !== undefined)
      return isTrue(operand) ? exists : not(exists)
    }
    case '$type':
      return anyValue(target, typeTest(operand))
    case '$not':
      return not(negatedCondition(target, operand, env))
    case '$regex':
      return anyValue(target, regexTest(operand, siblings.$options))
    case '$options':
      if (!('$regex' in siblings)) throw badValue('$options needs a $regex')
      return () => true
    case '$size':
      return wholeValue(target, sizeTest(operand))
    case '$elemMatch':
      return elementMatch(target, operand, env)
    case '$all':
      return allPredicate(target, operand, env)
    case '$mod':
      return anyValue(target, modTest(operand))
    case '$bitsAllSet':
    case '$bitsAnySet':
    case '$bitsAllClear':
    case '$bitsAnyClear':
      return anyValue(target, bitsTest(operator, operand))
    case '$near':
    case '$nearSphere':
    case '$geoWithin':
    case '$geoIntersects':
      throw notSupported(operator)
    default:
      throw badValue(`unknown operator: ${operator}`)
  }
}

function equality(target: Target, operand: unknown, env: QueryEnvironment): Predicate {
  return anyValue(target, comparisonTest('$eq', operand, env))
}

function wholeValue(target: Target, test: ValueTest): Predicate {
  return anyValue({ ...target, leafElements: false }, test)
}

function anyValue(target: Target, test: ValueTest): Predicate {
  return (document, details) =>
    visitPath(document, target.segments, target, (value, index) => {
      if (!test(value)) return false
      if (index !== undefined) details.index = index
      return true
    })
}

function not(condition: Predicate): Predicate {
  return (document) => !condition(document, {})
}

function negatedCondition(target: Target, operand: unknown, env: QueryEnvironment): Predicate {
  if (isRegex(operand)) return anyValue(target, regexTest(operand, undefined))
  if (!isDocument(operand)) throw badValue('$not needs a regex or a document')
  if (Object.keys(operand).length === 0) throw badValue('$not cannot be empty')
  if (!isOperatorDocument(operand)) throw badValue(`unknown operator: ${Object.keys(operand)[0]}`)
  return operatorPredicates(target, operand, env)
}

/** `$elemMatch` with operators tests the elements themselves, with a filter the documents and arrays among them. */
function elementMatch(target: Target, operand: unknown, env: QueryEnvironment): Predicate {
  const matches = elementTest(operand, env)
  return (document, details) =>
    visitPath(document, target.segments, { leafElements: false }, (value, index) => {
      if (!Array.isArray(value)) return false
      const found = value.findIndex(matches)
      if (found >= 0) details.index = index ?? found
      return found >= 0
    })
}

/** Compiles the argument of `$elemMatch`; the projection of that name and `$pull` use it too. */
export function elementTest(operand: unknown, env: QueryEnvironment): ValueTest {
  if (!isDocument(operand)) throw badValue('$elemMatch needs an Object')
  const [first] = Object.keys(operand)
  const logical = first === '$and' || first === '$or' || first === '$nor' || first === '$expr'
  if (isOperatorDocument(operand) && !logical) return elementValueTest(operand, env)
  const filter = compileFilter(operand, env)
  return (element) => (isDocument(element) || Array.isArray(element)) && filter(element, {})
}

/**
 * Operators applied to a bare value, looked at as the only field of a document. If the value is an array, its own
 * elements do not count.
 */
export function elementValueTest(operators: Document, env: QueryEnvironment): ValueTest {
  const predicate = operatorPredicates({ segments: ['element'], leafElements: false }, operators, env)
  return (element) => predicate({ element }, {})
}

function allPredicate(target: Target, operand: unknown, env: QueryEnvironment): Predicate {
  if (!Array.isArray(operand)) throw badValue('$all needs an array')
  const conditions = operand.map((wanted): Predicate => {
    if (isRegex(wanted)) return anyValue(target, regexTest(wanted, undefined))
    if (!isOperatorDocument(wanted)) return equality(target, wanted, env)
    if (!('$elemMatch' in wanted)) throw badValue(`no $ expressions in $all`)
    return elementMatch(target, wanted.$elemMatch, env)
  })
  // Of nothing, MongoDB finds nothing: an empty $all matches no document.
  if (conditions.length === 0) return () => false
  return (document, details) => conditions.every((condition) => condition(document, details))
}
