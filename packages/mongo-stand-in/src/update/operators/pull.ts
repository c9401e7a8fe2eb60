import { equalValues } from '../../bson/compare.ts'
import { indexKey } from '../../bson/index-key.ts'
import { toSafeInteger } from '../../bson/number.ts'
import { isDocument, isRegex, typeOf } from '../../bson/value-type.ts'
import { compileFilter } from '../../query/compile-query.ts'
import { elementValueTest } from '../../query/field-predicate.ts'
import type { QueryEnvironment, ValueTest } from '../../query/predicate.ts'
import { regexTest } from '../../query/regex-test.ts'
import { isOperatorDocument } from '../../query/value-tests.ts'
import { badValue, failedToParse, typeMismatch } from '../../server-error.ts'
import type { Location } from '../location.ts'
import type { UpdateOperator } from './operator.ts'

/** `$pull`: removes the elements that a condition accepts: a value, operators, or a query on documents. */
export const pull: UpdateOperator = (operand, { collation }) => {
  const removes = pullTest(operand, { collation, let: undefined })
  return (location) => keepElements('$pull', location, (element) => !removes(element))
}

/** `$pullAll`: removes the elements that equal one of a list. */
export const pullAll: UpdateOperator = (operand, { collation }) => {
  if (!Array.isArray(operand))
    throw badValue('$pullAll requires an array argument but was given a different type')
  const removed = new Set(operand.map((value) => indexKey(value, collation)))
  return (location) =>
    keepElements('$pullAll', location, (element) => !removed.has(indexKey(element, collation)))
}

/** `$pop`: removes the last element (1) or the first (-1). */
export const pop: UpdateOperator = (operand) => {
  const end = toSafeInteger(operand)
  if (end !== 1 && end !== -1) throw failedToParse(`$pop expects 1 or -1, found: ${String(operand)}`)
  return (location) => {
    const current = location.read()
    if (current === undefined) return
    if (!Array.isArray(current)) {
      throw typeMismatch(`Path '${location.path}' contains an element of non-array type '${typeOf(current)}'`)
    }
    if (current.length > 0) location.write(end === 1 ? current.slice(0, -1) : current.slice(1))
  }
}

function keepElements(name: string, location: Location, keeps: (element: unknown) => boolean): void {
  const current = location.read()
  if (current === undefined) return
  if (!Array.isArray(current)) throw badValue(`Cannot apply ${name} to a non-array value`)
  const kept = current.filter(keeps)
  if (kept.length < current.length) location.write(kept)
}

function pullTest(operand: unknown, env: QueryEnvironment): ValueTest {
  if (isRegex(operand)) return regexTest(operand, undefined)
  if (!isDocument(operand)) return (element) => equalValues(element, operand, env.collation)
  const [first] = Object.keys(operand)
  const logical = first === '$and' || first === '$or' || first === '$nor'
  if (isOperatorDocument(operand) && !logical) return elementValueTest(operand, env)
  const matches = compileFilter(operand, env)
  return (element) => isDocument(element) && matches(element, {})
}
