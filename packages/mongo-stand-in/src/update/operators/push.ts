import { elementOrder } from '../../aggregate/expressions/array-iteration.ts'
import { cloneContainers } from '../../bson/clone.ts'
import { toSafeInteger } from '../../bson/number.ts'
import { isDocument, isNumber, typeOf } from '../../bson/value-type.ts'
import { badValue } from '../../server-error.ts'
import type { OperatorEnvironment, UpdateOperator } from './operator.ts'

interface PushPlan {
  values: unknown[]
  position: number | undefined
  slice: number | undefined
  order: ((a: unknown, b: unknown) => number) | undefined
}

/** `$push`: one value, or `$each` with `$position`, `$sort` and `$slice`, which apply in this order. */
export const push: UpdateOperator = (operand, env) => {
  const plan = isDocument(operand) && '$each' in operand ? modifiers(operand, env) : single(operand)
  return (location, { document }) => {
    const current = location.read()
    if (current !== undefined && !Array.isArray(current)) {
      throw badValue(
        `The field '${location.path}' must be an array but is of type ${typeOf(current)} in document {_id: ${String(document._id)}}`,
      )
    }
    location.write(pushed(current ?? [], plan))
  }
}

/** Whether a `$push` can do nothing but add elements at the end. */
export function appendsOnly(operand: unknown): boolean {
  if (!isDocument(operand) || !('$each' in operand)) return true
  return Object.keys(operand).length === 1
}

function pushed(current: unknown[], { values, position, slice, order }: PushPlan): unknown[] {
  const at = position ?? current.length
  const result = [...current]
  result.splice(
    at < 0 ? Math.max(0, current.length + at) : at,
    0,
    ...values.map((value) => cloneContainers(value)),
  )
  if (order !== undefined) result.sort(order)
  if (slice === undefined) return result
  if (slice === 0) return []
  return slice > 0 ? result.slice(0, slice) : result.slice(slice)
}

function single(value: unknown): PushPlan {
  return { values: [value], position: undefined, slice: undefined, order: undefined }
}

function modifiers(operand: Record<string, unknown>, { collation }: OperatorEnvironment): PushPlan {
  for (const name of Object.keys(operand)) {
    if (!['$each', '$position', '$slice', '$sort'].includes(name)) {
      throw badValue(`Unrecognized clause in $push: ${name}`)
    }
  }
  const values = operand.$each
  if (!Array.isArray(values)) {
    throw badValue(`The argument to $each in $push must be an array but it was of type: ${typeOf(values)}`)
  }
  return {
    values,
    position: integerClause('$position', operand.$position),
    slice: integerClause('$slice', operand.$slice),
    order: '$sort' in operand ? sortClause(operand.$sort, collation) : undefined,
  }
}

function integerClause(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  const integer = toSafeInteger(value)
  if (integer === undefined)
    throw badValue(`The value for ${name} must be an integer value, not of type: ${typeOf(value)}`)
  return integer
}

function sortClause(spec: unknown, collation: OperatorEnvironment['collation']) {
  const directions = isDocument(spec) ? Object.values(spec) : [spec]
  if (directions.length === 0) throw badValue('The $sort pattern is empty when it should be a set of fields.')
  for (const direction of directions) {
    const integer = isNumber(direction) ? toSafeInteger(direction) : undefined
    if (integer !== 1 && integer !== -1) throw badValue('The $sort element value must be either 1 or -1')
  }
  return elementOrder(spec, collation)
}
