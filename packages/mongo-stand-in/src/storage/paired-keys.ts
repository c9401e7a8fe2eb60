import type { Document } from 'bson'
import { isIndex, ownField } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'
import { serverError } from '../server-error.ts'
import { type IndexDefinition, indexKeys } from './index-definition.ts'

/** How far one field of an index has been followed into a document. */
interface Trail {
  readonly segments: readonly string[]
  readonly at: number
  readonly value: unknown
  /** The value is the key's; an array among them is one that is not entered. */
  readonly arrived: boolean
}

/**
 * The keys of a document as a unique index means them: fields that lead through the same array take their values from
 * the same element. The index itself holds every combination, which queries may ask for one element by one.
 *
 * @throws ServerError CannotIndexParallelArrays if two fields lead through two arrays.
 */
export function pairedKeys(definition: IndexDefinition, document: Document): unknown[][] {
  const { fields } = definition
  if (fields.length < 2) return indexKeys(definition, document)
  if (indexKeys(definition, document).length === 0) return []
  const trails = fields.map(({ path }) => ({
    segments: path.split('.'),
    at: 0,
    value: document,
    arrived: false,
  }))
  return expand(trails)
}

function expand(given: readonly Trail[]): unknown[][] {
  const trails = given.map(follow)
  const arrays = new Set(trails.filter(({ arrived }) => !arrived).map(({ value }) => value as unknown[]))
  const [array] = arrays
  if (array === undefined) return [trails.map(({ value }) => value)]
  if (arrays.size > 1) throw parallelArrays(trails)
  const elements = array.length === 0 ? [undefined] : array
  return elements.flatMap((element) =>
    expand(trails.map((trail) => (trail.arrived ? trail : enter(trail, element)))),
  )
}

/** Follows the path to its end, or to an array whose elements it means. */
function follow(trail: Trail): Trail {
  const { segments, arrived } = trail
  if (arrived) return trail
  let { at, value } = trail
  for (; at < segments.length; at++) {
    const segment = segments[at] ?? ''
    if (!Array.isArray(value)) value = isDocument(value) ? ownField(value, segment) : undefined
    else if (isIndex(segment) && Number(segment) < value.length) value = value[Number(segment)]
    else return { segments, at, value, arrived: false }
  }
  return { segments, at, value, arrived: !Array.isArray(value) }
}

/** An array directly within an array is a value at the end of a path and nothing on the way. */
function enter({ segments, at }: Trail, element: unknown): Trail {
  if (at === segments.length) return { segments, at, value: element, arrived: true }
  if (Array.isArray(element)) return { segments, at, value: undefined, arrived: true }
  return { segments, at, value: element, arrived: false }
}

function parallelArrays(trails: readonly Trail[]): Error {
  const [first = '', second = ''] = trails
    .filter(({ arrived }) => !arrived)
    .map(({ segments, at }) => segments[at - 1] ?? '')
  return serverError(171, 'CannotIndexParallelArrays', `cannot index parallel arrays [${second}] [${first}]`)
}
