import type { Document } from 'bson'
import { isDocument } from '../bson/value-type.ts'
import { type ServerError, serverError } from '../server-error.ts'

/** The commands of version 1, which clients that declare `apiStrict` keep to. */
const VERSION_1 = new Set(
  `abortTransaction aggregate authenticate bulkWrite collMod commitTransaction count create createIndexes delete drop
  dropDatabase dropIndexes endSessions explain find findAndModify getMore hello insert killCursors listCollections
  listDatabases listIndexes ping refreshSessions update`.split(/\s+/),
)

/** Stages that are not part of version 1. */
const STAGES_OUTSIDE = new Set(
  `$currentOp $indexStats $listLocalSessions $listSessions $planCacheStats $search $searchMeta
  $listSampledQueries`.split(/\s+/),
)

/** Holds the command against the version of the API that its client declares, if it declares one. */
export function assertApiVersion(name: string, command: Document): void {
  const { apiVersion, apiStrict, apiDeprecationErrors } = command
  if (apiVersion === undefined) {
    if (apiStrict !== undefined || apiDeprecationErrors !== undefined)
      throw serverError(
        322,
        'APIVersionError',
        'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion',
      )
    return
  }
  if (apiVersion !== '1') throw serverError(322, 'APIVersionError', 'API version must be "1"')
  if (apiStrict !== true) return
  if (!VERSION_1.has(name))
    throw outsideVersion1(`Provided apiStrict:true, but the command ${name} is not in API Version 1`)
  assertStages(command.pipeline)
}

function assertStages(pipeline: unknown): void {
  if (!Array.isArray(pipeline)) return
  for (const stage of pipeline.filter(isDocument)) {
    const [name = ''] = Object.keys(stage)
    if (
      STAGES_OUTSIDE.has(name) ||
      (name === '$collStats' && Object.keys(stage.$collStats ?? {}).some((part) => part !== 'count'))
    )
      throw outsideVersion1(`stage ${name} is not allowed with 'apiStrict: true' in API Version 1`)
    assertStages(stage[name]?.pipeline)
  }
}

function outsideVersion1(message: string): ServerError {
  return serverError(323, 'APIStrictError', message)
}
