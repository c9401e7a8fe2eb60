import type { Document } from 'bson'
import { type PipelineContext, runPipeline } from '../aggregate/run-pipeline.ts'
import { equalValues } from '../bson/compare.ts'
import { decodeDocument, encodeDocument } from '../bson/decode.ts'
import { compileQuery } from '../query/compile-query.ts'
import { serverError } from '../server-error.ts'

const ALLOWED = new Set([
  '$match',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
  '$redact',
  '$changeStreamSplitLargeEvent',
])

export interface EventPipeline {
  /** The event as the pipeline leaves it; undefined if it is filtered out. */
  run(event: Document): Document | undefined
  /** Whether events that are too large for one document are sent in fragments. */
  readonly splitsLargeEvents: boolean
}

/** Compiles the stages behind `$changeStream`. Leading `$match` stages, which most streams have alone, only once. */
export function compileEventPipeline(stages: Document[]): EventPipeline {
  for (const stage of stages) assertAllowed(Object.keys(stage)[0] ?? '')
  const splitAt = stages.findIndex((stage) => stage.$changeStreamSplitLargeEvent !== undefined)
  if (splitAt !== -1 && splitAt !== stages.length - 1) {
    throw serverError(
      7182802,
      'Location7182802',
      '$changeStreamSplitLargeEvent must be the last stage in the pipeline',
    )
  }
  const own = splitAt === -1 ? stages : stages.slice(0, -1)
  const firstOther = own.findIndex((stage) => stage.$match === undefined)
  const leading = firstOther === -1 ? own : own.slice(0, firstOther)
  const rest = own.slice(leading.length)
  const filters = leading.map(({ $match }) => compileQuery($match))
  const context: PipelineContext = { now: new Date(), collection: () => [] }
  // Refuses at the start, not at the first event.
  runPipeline(rest, [], context)
  return {
    splitsLargeEvents: splitAt !== -1,
    run: (event) => {
      if (filters.length === 0 && rest.length === 0) return event
      // Through bytes, so that the core sees the types that a stored document has.
      const plain = decodeDocument(encodeDocument(event))
      if (!filters.every((filter) => filter.test(plain))) return undefined
      if (rest.length === 0) return event
      const [result] = runPipeline(rest, [plain], { ...context, now: new Date() })
      if (result !== undefined) assertTokenKept(result, plain)
      return result
    },
  }
}

function assertAllowed(name: string): void {
  if (ALLOWED.has(name)) return
  if (!KNOWN_ELSEWHERE.has(name)) {
    throw serverError(40324, 'Location40324', `Unrecognized pipeline stage name: '${name}'`)
  }
  throw serverError(20, 'IllegalOperation', `${name} is not permitted in a $changeStream pipeline`)
}

const KNOWN_ELSEWHERE = new Set([
  '$group',
  '$sort',
  '$limit',
  '$skip',
  '$lookup',
  '$unwind',
  '$count',
  '$out',
  '$merge',
  '$facet',
  '$bucket',
  '$bucketAuto',
  '$sample',
  '$sortByCount',
  '$unionWith',
  '$graphLookup',
  '$geoNear',
  '$collStats',
  '$indexStats',
  '$currentOp',
  '$setWindowFields',
  '$densify',
  '$fill',
  '$documents',
  '$changeStream',
  '$listSessions',
  '$planCacheStats',
])

function assertTokenKept(result: Document, event: Document): void {
  if (equalValues(result._id, event._id)) return
  throw serverError(
    280,
    'ChangeStreamFatalError',
    'Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed.',
    { labels: ['NonResumableChangeStreamError'] },
  )
}
