import { cloneContainers } from '../../bson/clone.ts'
import { compareValues } from '../../bson/compare.ts'
import type { UpdateOperator } from './operator.ts'

// Operands are copied at every use: one update may change many documents, and a later one must not change an earlier one.

export const set: UpdateOperator = (operand) => (location) => location.write(cloneContainers(operand))

export const setOnInsert: UpdateOperator =
  (operand) =>
  (location, { inserting }) => {
    if (inserting) location.write(cloneContainers(operand))
  }

export const unset: UpdateOperator = () => (location) => location.remove()

export const minimum: UpdateOperator = (operand, { collation }) =>
  keepBetter(operand, (current) => compareValues(operand, current, collation) < 0)

export const maximum: UpdateOperator = (operand, { collation }) =>
  keepBetter(operand, (current) => compareValues(operand, current, collation) > 0)

function keepBetter(operand: unknown, isBetter: (current: unknown) => boolean): ReturnType<UpdateOperator> {
  return (location) => {
    const current = location.read()
    if (current === undefined || isBetter(current)) location.write(cloneContainers(operand))
  }
}
