import type { Document } from 'bson'
import { toSafeInteger } from '../bson/number.ts'
import { isDocument, isNumber } from '../bson/value-type.ts'

/** The stages at the front of a pipeline that a find can do: through an index, and no further than the limit. */
export interface PipelineFront {
  readonly filter: Document
  readonly sort: Document | undefined
  readonly skip: number
  /** 0: none. */
  readonly limit: number
  readonly rest: Document[]
}

/** Takes `$match`, `$sort`, `$skip` and `$limit` off the front, as far as they follow each other in this order. */
export function splitFront(pipeline: readonly Document[]): PipelineFront {
  let at = 0
  const filters: Document[] = []
  for (; isDocument(pipeline[at]?.$match); at++) filters.push(pipeline[at]?.$match)
  const sort: unknown = pipeline[at]?.$sort
  if (isDocument(sort)) at++
  // A match after the sort leaves out the same documents before it.
  for (; isDocument(pipeline[at]?.$match); at++) filters.push(pipeline[at]?.$match)
  const skip = count(pipeline[at]?.$skip)
  if (skip !== undefined) at++
  const limit = count(pipeline[at]?.$limit)
  if (limit !== undefined && limit > 0) at++
  return {
    filter: filters.length > 1 ? { $and: filters } : (filters[0] ?? {}),
    sort: isDocument(sort) ? sort : undefined,
    skip: skip ?? 0,
    limit: limit ?? 0,
    rest: pipeline.slice(at),
  }
}

/** How many documents of a `$sort` the stages right behind it can use; infinity if all of them. */
export function usedOfSort(following: readonly unknown[]): number {
  const [first, second] = following.map((stage) => (isDocument(stage) ? stage : {}))
  const skip = count(first?.$skip)
  const limit = count(skip === undefined ? first?.$limit : second?.$limit)
  return limit === undefined || limit === 0 ? Number.POSITIVE_INFINITY : (skip ?? 0) + limit
}

/** Only what the stage itself would take; it makes its own errors of everything else. */
function count(value: unknown): number | undefined {
  if (!isNumber(value)) return undefined
  const integer = toSafeInteger(value)
  return integer === undefined || integer < 0 ? undefined : integer
}
