import { compileTransform, isTransform } from '../document-transform.ts'
import { documentScope, type StageCompiler } from '../stage.ts'
import { bucket } from './bucket.ts'
import { bucketAuto } from './bucket-auto.ts'
import { count, limit, sample, skip, sort } from './cut.ts'
import { densify } from './densify.ts'
import { documents } from './documents.ts'
import { facet } from './facet.ts'
import { fill } from './fill.ts'
import { graphLookup } from './graph-lookup.ts'
import { group, sortByCount } from './group.ts'
import { lookup } from './lookup.ts'
import { match } from './match.ts'
import { redact } from './redact.ts'
import { setWindowFields } from './set-window-fields.ts'
import { unionWith } from './union-with.ts'
import { unwind } from './unwind.ts'
import { merge, out } from './write.ts'

const STAGES: Readonly<Record<string, StageCompiler>> = {
  $bucket: bucket,
  $bucketAuto: bucketAuto,
  $count: count,
  $densify: densify,
  $documents: documents,
  $facet: facet,
  $fill: fill,
  $graphLookup: graphLookup,
  $group: group,
  $limit: limit,
  $lookup: lookup,
  $match: match,
  $merge: merge,
  $out: out,
  $redact: redact,
  $sample: sample,
  $setWindowFields: setWindowFields,
  $skip: skip,
  $sort: sort,
  $sortByCount: sortByCount,
  $unionWith: unionWith,
  $unwind: unwind,
}

/** Stages that MongoDB has and the stand-in leaves out, or answers in the command and not in the pipeline. */
const LEFT_OUT = new Set(
  `$changeStream $changeStreamSplitLargeEvent $collStats $currentOp $geoNear
  $indexStats $listLocalSessions $listSampledQueries $listSearchIndexes $listSessions $planCacheStats $querySettings
  $queryStats $rankFusion $search $searchMeta $shardedDataDistribution $vectorSearch`.split(/\s+/),
)

export function findStage(name: string): StageCompiler | undefined {
  if (isTransform(name)) return (spec, env) => transforming(name, spec, env)
  return Object.hasOwn(STAGES, name) ? STAGES[name] : undefined
}

export function isKnownStage(name: string): boolean {
  return LEFT_OUT.has(name)
}

const FIRST = new Set(
  '$changeStream $collStats $currentOp $documents $geoNear $indexStats $listLocalSessions'.split(' '),
)

export function mustBeFirst(name: string): boolean {
  return FIRST.has(name)
}

export function mustBeLast(name: string): boolean {
  return name === '$out' || name === '$merge'
}

const transforming = (name: string, ...[spec, env]: Parameters<StageCompiler>): ReturnType<StageCompiler> => {
  const transform = compileTransform(name, spec, env)
  return function* (input, context) {
    for (const document of input) yield transform(document, documentScope(document, context))
  }
}
