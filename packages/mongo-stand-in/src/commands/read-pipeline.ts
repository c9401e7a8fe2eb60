import type { Document } from 'bson'
import { splitFront } from '../aggregate/pipeline-front.ts'
import { compilePipeline, type PipelineContext, runPipeline } from '../aggregate/run-pipeline.ts'
import { type Collation, sameCollation } from '../bson/collation.ts'
import { type FindRequest, findDocuments } from '../planning/find-documents.ts'
import { planQuery } from '../planning/plan-query.ts'
import { optionNotOnView } from '../views/view-definition.ts'
import { writeTarget } from '../writes/write-target.ts'
import { type CommandContext, readView } from './context.ts'
import { foreignNamespaces } from './foreign-namespaces.ts'
import { openReadSource, type ReadSource, readCollation } from './read-source.ts'
import { letVariables } from './variables.ts'

export interface ReadPipeline {
  /** The command whose options count: `hint`, `let`, `collation`. */
  readonly command: Document
  readonly source: ReadSource
  /** What follows after the view's own stages, if the source is a view. */
  readonly stages: readonly Document[]
  /** Documents that a first stage gives instead of the collection; that stage is not among `stages`. */
  readonly input?: Iterable<Document>
}

/** Runs stages over a collection or a view; every other namespace of the pipeline is opened first, as running does not wait. */
export async function runReadPipeline(
  context: CommandContext,
  { command, source, stages, input }: ReadPipeline,
): Promise<Iterable<Document>> {
  const collation = readCollation(command, source)
  const pipeline = [...(source.view?.pipeline ?? []), ...stages]
  const foreign = new Map<string, ReadSource>()
  await openForeign(context, pipeline, collation, foreign)
  const pipelineContext: PipelineContext = {
    collation,
    let: letVariables(command),
    now: new Date(),
    collection: (name, db = context.db) => {
      const other = foreign.get(`${db}.${name}`)
      return readStages(context, other?.collection, other?.view?.pipeline ?? [], pipelineContext)
    },
    findEqual: (name, field, values) => {
      const other = foreign.get(`${context.db}.${name}`)
      if (other === undefined || other.view !== undefined) return undefined
      return findEqual(context, other.collection, { filter: { [field]: { $in: values } }, collation })
    },
    write: (target, documents) => writeTarget(context, target, documents),
  }
  if (input !== undefined) return runPipeline(pipeline, input, pipelineContext)
  return readStages(context, source.collection, pipeline, pipelineContext, command.hint)
}

/** Leaves to a find what it can do at the front of the pipeline. */
function readStages(
  context: CommandContext,
  collection: ReadSource['collection'],
  pipeline: readonly Document[],
  pipelineContext: PipelineContext,
  hint?: unknown,
): Iterable<Document> {
  const { collation, let: variables } = pipelineContext
  // The whole of it is checked: a stage that an index takes over must be right too, and no other becomes the first.
  compilePipeline(pipeline, { collation, variables: Object.keys(variables ?? {}) })
  const { rest, ...front } = splitFront(pipeline)
  const request = { ...front, hint, collation, let: variables }
  return runPipeline(
    rest,
    documentsOf(findDocuments(collection, readView(context), request)),
    pipelineContext,
  )
}

function findEqual(
  context: CommandContext,
  collection: ReadSource['collection'],
  request: FindRequest,
): Iterable<Document> | undefined {
  if (collection === undefined || planQuery(collection, request).index === undefined) return undefined
  return documentsOf(findDocuments(collection, readView(context), request))
}

async function openForeign(
  context: CommandContext,
  pipeline: readonly Document[],
  collation: Collation | undefined,
  opened: Map<string, ReadSource>,
): Promise<void> {
  for (const ns of foreignNamespaces(pipeline, context.db)) {
    if (opened.has(ns)) continue
    const source = await openReadSource(context, ns)
    opened.set(ns, source)
    if (source.view === undefined) continue
    if (!sameCollation(source.view.collation, collation))
      throw optionNotOnView(`Cannot override the collation of the view ${ns}`)
    await openForeign(context, source.view.pipeline, collation, opened)
  }
}

function* documentsOf(found: Iterable<{ document: Document }>): Generator<Document> {
  for (const { document } of found) yield document
}
