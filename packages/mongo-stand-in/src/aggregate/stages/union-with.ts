import { isDocument } from '../../bson/value-type.ts'
import { failedToParse, locationError, notSupported } from '../../server-error.ts'
import type { StageCompiler } from '../stage.ts'

/** `$unionWith`: the documents of another collection, through a pipeline of their own, after those of the input. */
export const unionWith: StageCompiler = (spec, env) => {
  const { coll, pipeline = [], ...unknown } = typeof spec === 'string' ? { coll: spec } : argumentsOf(spec)
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw locationError(40415, `BSON field '$unionWith.${extra}' is an unknown field.`)
  const run = env.compile(pipeline)
  if (coll === undefined) {
    if (!Array.isArray(pipeline) || !('$documents' in (pipeline[0] ?? {}))) {
      throw failedToParse('$unionWith needs a collection, or a pipeline that begins with $documents')
    }
  } else if (typeof coll !== 'string') {
    throw notSupported('$unionWith of a collection in another database')
  }
  return function* (input, context) {
    yield* input
    yield* run(coll === undefined ? [] : context.collection(coll), context)
  }
}

function argumentsOf(spec: unknown): { coll?: unknown; pipeline?: unknown } {
  if (!isDocument(spec)) throw failedToParse('the $unionWith stage specification must be an object or string')
  return spec
}
