import type { Decimal128, Double } from 'bson'
import { compareValues } from './compare.ts'
import { typeOf } from './value-type.ts'

/** Whether two values would be the same bytes: unlike `equalValues`, types, field order and decimal zeros count. */
export function identicalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true
  const type = typeOf(a)
  if (type !== typeOf(b)) return false
  switch (type) {
    case 'object':
      return identicalDocuments(a as object, b as object)
    case 'array':
      return identicalArrays(a as unknown[], b as unknown[])
    case 'decimal':
      return Buffer.compare((a as Decimal128).bytes, (b as Decimal128).bytes) === 0
    case 'double':
      return Object.is(doubleOf(a), doubleOf(b))
    default:
      return compareValues(a, b) === 0
  }
}

function identicalDocuments(a: object, b: object): boolean {
  const left = Object.entries(a)
  const right = Object.entries(b)
  return (
    left.length === right.length &&
    left.every(([name, value], at) => name === right[at]?.[0] && identicalValues(value, right[at]?.[1]))
  )
}

function identicalArrays(a: unknown[], b: unknown[]): boolean {
  return a.length === b.length && a.every((element, at) => identicalValues(element, b[at]))
}

function doubleOf(value: unknown): number {
  return typeof value === 'number' ? value : (value as Double).value
}
