import type { Document } from 'bson'
import { compareValues } from '../../bson/compare.ts'
import { toSafeInteger } from '../../bson/number.ts'
import { isTrue } from '../../bson/truth.ts'
import { isDocument, isNullish } from '../../bson/value-type.ts'
import { compileSort } from '../../query/sort.ts'
import { locationError } from '../../server-error.ts'
import { arrayOf, integerOf } from './array.ts'
import { namedOperand, type OperatorTable, type Scope } from './operator.ts'
import { checkVariableName } from './variable.ts'

/** Expressions that evaluate another one for each element: `$map`, `$filter`, `$reduce`, `$sortArray`. */
export const ARRAY_ITERATION: OperatorTable = {
  $map: (operand, { compile }) => {
    const args = namedOperand('$map', operand, { required: ['input', 'in'], optional: ['as'] })
    const name = variableName(args.as)
    const input = compile(args.input)
    const body = compile(args.in, [name])
    return (scope) => {
      const array = input(scope)
      if (isNullish(array)) return null
      return arrayOf('$map', array, 16883).map((element) => body(withVariable(scope, name, element)) ?? null)
    }
  },

  $filter: (operand, { compile }) => {
    const args = namedOperand('$filter', operand, { required: ['input', 'cond'], optional: ['as', 'limit'] })
    const name = variableName(args.as)
    const input = compile(args.input)
    const condition = compile(args.cond, [name])
    const limit = compile(args.limit ?? null)
    return (scope) => {
      const array = input(scope)
      if (isNullish(array)) return null
      const most = limit(scope)
      const kept = arrayOf('$filter', array, 28651).filter((element) =>
        isTrue(condition(withVariable(scope, name, element))),
      )
      return isNullish(most) ? kept : kept.slice(0, filterLimit(most))
    }
  },

  $reduce: (operand, { compile }) => {
    const args = namedOperand('$reduce', operand, { required: ['input', 'initialValue', 'in'] })
    const input = compile(args.input)
    const initial = compile(args.initialValue)
    const body = compile(args.in, ['this', 'value'])
    return (scope) => {
      const array = input(scope)
      if (isNullish(array)) return null
      let value = initial(scope)
      for (const element of arrayOf('$reduce', array, 40080)) {
        value = body({ ...scope, variables: { ...scope.variables, this: element, value } })
      }
      return value
    }
  },

  $sortArray: (operand, { compile, collation }) => {
    const args = namedOperand('$sortArray', operand, { required: ['input', 'sortBy'] })
    const input = compile(args.input)
    const order = elementOrder(args.sortBy, collation)
    return (scope) => {
      const array = input(scope)
      return isNullish(array) ? null : arrayOf('$sortArray', array, 2942504).toSorted(order)
    }
  },
}

function filterLimit(value: unknown): number {
  const limit = integerOf('$filter', value, [327391, 327391])
  if (limit <= 0) throw locationError(327392, `$filter: limit must be greater than 0: ${limit}`)
  return limit
}

/** The order of array elements: by fields of documents, or of whole values for a bare 1 or -1. */
export function elementOrder(
  sortBy: unknown,
  collation: Parameters<typeof compileSort>[1],
): (a: unknown, b: unknown) => number {
  if (!isDocument(sortBy)) {
    const direction = toSafeInteger(sortBy) ?? 1
    return (a, b) => direction * compareValues(a, b, collation)
  }
  const byFields = compileSort(sortBy, collation)
  // A value that is no document has none of the fields.
  const fieldsOf = (value: unknown): Document => (isDocument(value) ? value : {})
  return (a, b) => byFields(fieldsOf(a), fieldsOf(b))
}

function variableName(as: unknown): string {
  if (as === undefined) return 'this'
  checkVariableName(String(as))
  return String(as)
}

function withVariable(scope: Scope, name: string, value: unknown): Scope {
  return { ...scope, variables: { ...scope.variables, [name]: value } }
}
