import { type Document, Long } from 'bson'
import { isDocument, isNullish, typeOf } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { readAtPath, setAtPath } from '../set-at-path.ts'
import type { StageCompiler } from '../stage.ts'

interface UnwindPlan {
  path: string[]
  index: string[] | undefined
  preserve: boolean
}

/** `$unwind`: one document for each element of an array. A value that is no array counts as its only element. */
export const unwind: StageCompiler = (spec) => {
  const plan = planOf(spec)
  return function* (input) {
    for (const document of input) yield* unwound(document, plan)
  }
}

function* unwound(document: Document, plan: UnwindPlan): Iterable<Document> {
  const value = readAtPath(document, plan.path)
  if (Array.isArray(value) && value.length > 0) {
    for (const [at, element] of value.entries()) {
      yield withIndex(setAtPath(document, plan.path, element), plan, Long.fromNumber(at))
    }
  } else if (!Array.isArray(value) && !isNullish(value)) {
    yield withIndex(document, plan, null)
  } else if (plan.preserve) {
    // An empty array leaves no field behind; a null stays.
    yield withIndex(Array.isArray(value) ? setAtPath(document, plan.path, undefined) : document, plan, null)
  }
}

function withIndex(document: Document, { index }: UnwindPlan, value: Long | null): Document {
  return index === undefined ? document : setAtPath(document, index, value)
}

function planOf(spec: unknown): UnwindPlan {
  const given = typeof spec === 'string' ? { path: spec } : spec
  if (!isDocument(given)) {
    throw locationError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeOf(spec)}`,
    )
  }
  const { path, includeArrayIndex, preserveNullAndEmptyArrays = false, ...unknown } = given
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw locationError(28811, `unrecognized option to $unwind stage: ${extra}`)
  if (typeof path !== 'string') throw locationError(28808, 'expected a string as the path for $unwind stage')
  if (!path.startsWith('$'))
    throw locationError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`)
  if (
    includeArrayIndex !== undefined &&
    (typeof includeArrayIndex !== 'string' || includeArrayIndex === '')
  ) {
    throw locationError(
      28810,
      'expected a non-empty string for the includeArrayIndex option to $unwind stage',
    )
  }
  if (typeof preserveNullAndEmptyArrays !== 'boolean') {
    throw locationError(
      28809,
      'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage',
    )
  }
  return {
    path: path.slice(1).split('.'),
    index: includeArrayIndex?.split('.'),
    preserve: preserveNullAndEmptyArrays,
  }
}
