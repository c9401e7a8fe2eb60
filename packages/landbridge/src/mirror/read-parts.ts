/*
 * Reads a document without its growing arrays, and of those only what is asked for, so that nothing in the client
 * grows with them. MongoDB looks through the arrays itself.
 */
import { decodeBson } from '../mapping/bson.ts'
import { MappingError } from '../mapping/mapping-error.ts'
import type { Document } from '../mapping/types.ts'

/** Beside the document's own members; no application has one of this name. */
const REPORT = '__landbridge'

export interface ArrayQuestion {
  path: string
  /** Where the array holds these elements, by `_id`. */
  find: readonly unknown[]
  /** What stands at these places. */
  places?: readonly number[]
  /** Which of `find` are to be read, too. Default: none. */
  read?: readonly boolean[]
  /** Everything from this place on, at most so many elements. */
  tail?: { from: number; limit: number }
}

export interface ArrayAnswer {
  size: number
  /** As `find`: -1 where the array does not hold it. */
  found: { at: number; element: Document | undefined }[]
  places: (Document | undefined)[]
  tail: Document[]
}

export interface DocumentParts {
  shell: Document
  /** The document's size; undefined unless it was asked for. */
  bytes: number | undefined
  arrays: ArrayAnswer[]
}

/** The stages that follow on the `$match` of one document. */
export function partsPipeline(
  questions: readonly ArrayQuestion[],
  { measure = false }: { measure?: boolean } = {},
): Document[] {
  const bytes = measure ? { $bsonSize: '$$ROOT' } : null
  return [
    { $set: { [REPORT]: { bytes, arrays: questions.map(reportOf) } } },
    { $unset: questions.map(({ path }) => path) },
  ]
}

/** Undefined where a growing array is none, has elements without `_id`, or cannot be read exactly. */
export function parseParts(raw: Uint8Array): DocumentParts | undefined {
  try {
    const { [REPORT]: report, ...shell } = decodeBson(raw)
    const { bytes, arrays } = report as { bytes: unknown; arrays: ArrayReport[] }
    if (arrays.some(({ size, named }) => Number(size) < 0 || Number(size) !== Number(named))) return undefined
    return { shell, bytes: bytes === null ? undefined : Number(bytes), arrays: arrays.map(answerOf) }
  } catch (error) {
    if (error instanceof MappingError) return undefined
    throw error
  }
}

interface ArrayReport {
  size: unknown
  named: unknown
  found: { at: unknown; element?: Document }[]
  places: (Document | null)[]
  tail: Document[]
}

function answerOf({ size, found, places, tail }: ArrayReport): ArrayAnswer {
  return {
    size: Number(size),
    found: found.map(({ at, element }) => ({ at: Number(at), element: element ?? undefined })),
    places: places.map((element) => element ?? undefined),
    tail,
  }
}

/** Expressions see an empty array where there is none; its size is -1 then. */
function reportOf({ path, find, read, places, tail }: ArrayQuestion): Document {
  const field = `$${path}`
  const array = { $cond: [{ $isArray: field }, field, []] }
  return {
    $let: {
      vars: { ids: { $cond: [{ $isArray: field }, `${field}._id`, []] } },
      in: {
        size: { $cond: [{ $isArray: field }, { $size: array }, -1] },
        // A path through an array passes over elements that lack it.
        named: { $size: '$$ids' },
        found: find.map((id, i) => foundOf(field, id, read?.[i] === true)),
        places: (places ?? []).map((place) => ({ $ifNull: [{ $arrayElemAt: [array, place] }, null] })),
        tail: tail === undefined ? [] : tailOf(array, tail),
      },
    },
  }
}

function foundOf(field: string, id: unknown, withElement: boolean): Document {
  const at = { $indexOfArray: ['$$ids', { $literal: id }] }
  if (!withElement) return { at }
  // A negative index would count from the end.
  const element = { $cond: [{ $gte: ['$$at', 0] }, { $arrayElemAt: [field, '$$at'] }, null] }
  return { $let: { vars: { at }, in: { at: '$$at', element } } }
}

function tailOf(array: Document, { from, limit }: { from: number; limit: number }): Document {
  return { $cond: [{ $gt: [{ $size: array }, from] }, { $slice: [array, from, limit] }, []] }
}
