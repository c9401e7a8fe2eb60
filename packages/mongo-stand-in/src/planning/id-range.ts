import type { Document } from 'bson'
import type { Collation } from '../bson/collation.ts'
import { isDocument, orderOfTypeNumber, typeOf } from '../bson/value-type.ts'
import { compareIds, documentWithId, idOf, idTypeOf } from '../storage/document-id.ts'
import type { KeptDocument } from '../storage/kept-bytes.ts'
import type { KeyRange } from './key-range.ts'

/**
 * Tells where a stored document lies to a range of `_id`. An `_id` of the very type of the bounds is compared where it
 * lies; only one of another type is decoded first.
 */
export function idPlace(
  { lower, upper, bracket }: KeyRange,
  place: (key: readonly unknown[]) => number,
  collation: Collation | undefined,
): (document: KeptDocument) => number {
  const decoded = (document: KeptDocument) => place([idOf(document)])
  const from = lower === undefined ? undefined : documentWithId(lower.value)
  const to = upper === undefined ? undefined : documentWithId(upper.value)
  const bound = from ?? to
  if (bound === undefined && bracket !== undefined) {
    return (document) => {
      const order = orderOfTypeNumber(idTypeOf(document))
      return order === undefined ? decoded(document) : Math.sign(order - bracket)
    }
  }
  if (bound === undefined) return decoded
  const type = idTypeOf(bound)
  if (to !== undefined && idTypeOf(to) !== type) return decoded
  return (document) => {
    if (idTypeOf(document) !== type) return decoded(document)
    if (from !== undefined) {
      const order = compareIds(document, from, collation)
      if (order < 0 || (order === 0 && lower?.inclusive !== true)) return -1
    }
    if (to !== undefined) {
      const order = compareIds(document, to, collation)
      if (order > 0 || (order === 0 && upper?.inclusive !== true)) return 1
    }
    return 0
  }
}

const lowerOperators = new Set(['$gt', '$gte'])
const upperOperators = new Set(['$lt', '$lte'])

/** Whether a filter is nothing but a range of ObjectIds, or asks for all of them: what lies in the range matches it. */
export function isObjectIdRange(filter: Document): boolean {
  const { _id: condition, ...others } = filter
  if (!isDocument(condition) || Object.keys(others).length > 0) return false
  const operators = Object.entries(condition)
  if (operators.length === 1 && condition.$type === 'objectId') return true
  const lower = operators.filter(([operator]) => lowerOperators.has(operator)).length
  const upper = operators.filter(([operator]) => upperOperators.has(operator)).length
  return (
    lower <= 1 &&
    upper <= 1 &&
    lower + upper > 0 &&
    lower + upper === operators.length &&
    operators.every(([, operand]) => typeOf(operand) === 'objectId')
  )
}
