import { cloneContainers } from '../../bson/clone.ts'
import { indexKey } from '../../bson/index-key.ts'
import { isDocument, typeOf } from '../../bson/value-type.ts'
import { badValue, typeMismatch } from '../../server-error.ts'
import type { UpdateOperator } from './operator.ts'

/** `$addToSet`: appends what is not there yet. Repetitions that are already there stay. */
export const addToSet: UpdateOperator = (operand, { collation }) => {
  const values = valuesOf(operand)
  return (location) => {
    const current = location.read()
    if (current !== undefined && !Array.isArray(current)) {
      throw badValue(
        `Cannot apply $addToSet to non-array field. Field named '${location.path}' has non-array type ${typeOf(current)}`,
      )
    }
    const result = [...(current ?? [])]
    const present = new Set(result.map((element) => indexKey(element, collation)))
    for (const value of values) {
      const key = indexKey(value, collation)
      if (!present.has(key)) result.push(cloneContainers(value))
      present.add(key)
    }
    location.write(result)
  }
}

function valuesOf(operand: unknown): unknown[] {
  if (!isDocument(operand) || !('$each' in operand)) return [operand]
  const unknown = Object.keys(operand).find((name) => name !== '$each')
  if (unknown !== undefined) throw badValue(`Found unexpected fields after $each in $addToSet: ${unknown}`)
  if (!Array.isArray(operand.$each)) {
    throw typeMismatch(
      `The argument to $each in $addToSet must be an array but it was of type ${typeOf(operand.$each)}`,
    )
  }
  return operand.$each
}
