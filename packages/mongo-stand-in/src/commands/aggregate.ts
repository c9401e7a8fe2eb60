import type { Document } from 'bson'
import { type PipelineContext, runPipeline } from '../aggregate/run-pipeline.ts'
import { encodeDocument } from '../bson/decode.ts'
import { isDocument } from '../bson/value-type.ts'
import { openChangeStream } from '../change-streams/open-change-stream.ts'
import { findDocuments } from '../planning/find-documents.ts'
import { failedToParse, serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { writeTarget } from '../writes/write-target.ts'
import { collectionStats, indexStats } from './collection-stats.ts'
import type { Command } from './command.ts'
import { type CommandContext, namespace, readView, useCollection } from './context.ts'
import { currentOperations } from './current-operations.ts'
import { documentField, documentListField, numberField, stringField } from './fields.ts'
import { cursorReply, resultReply } from './first-batch.ts'
import { foreignNamespaces } from './foreign-namespaces.ts'
import { collationOf } from './read-request.ts'
import { letVariables } from './variables.ts'

export const aggregate: Command = {
  name: 'aggregate',
  inTransaction: true,
  async run(context) {
    const { command, db } = context
    const pipeline = documentListField(command, 'pipeline')
    if (command.cursor === undefined && command.explain === undefined) {
      throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument")
    }
    assertReadConcernAllows(pipeline, documentField(command, 'readConcern')?.level)
    const name = typeof command.aggregate === 'string' ? stringField(command, 'aggregate') : undefined
    const ns = name === undefined ? `${db}.$cmd.aggregate` : namespace(db, name)
    const batchSize = numberField(documentField(command, 'cursor') ?? {}, 'batchSize')
    if (pipeline[0]?.$changeStream !== undefined) {
      const source = openChangeStream(context, pipeline, { db, name })
      return cursorReply(context, source, { ns, batchSize })
    }
    const collection = name === undefined ? undefined : await useCollection(context, ns)
    const collections = await foreignCollections(context, pipeline)
    const documents = [...runOver(context, collection, pipeline, collections)].map(encodeDocument)
    return resultReply(context, documents, { ns, batchSize })
  },
}

function assertReadConcernAllows(pipeline: Document[], level: unknown): void {
  const last = pipeline.at(-1)
  if (level === 'linearizable' && (last?.$out !== undefined || last?.$merge !== undefined)) {
    throw serverError(
      72,
      'InvalidOptions',
      '$out and $merge cannot be used with readConcern level linearizable',
    )
  }
}

function runOver(
  context: CommandContext,
  collection: Collection | undefined,
  pipeline: Document[],
  foreign: Map<string, Collection | undefined>,
): Iterable<Document> {
  const { command, db } = context
  const collation = collationOf(command, collection)
  const variables = letVariables(command)
  const view = readView(context)
  const pipelineContext: PipelineContext = {
    collation,
    let: variables,
    now: new Date(),
    collection: (name, inDb = db) =>
      documentsOf(findDocuments(foreign.get(`${inDb}.${name}`), view, { filter: {} })),
    write: (target, documents) => writeTarget(context, target, documents),
  }
  const { input, rest } = startPipeline(context, collection, pipeline, { collation, let: variables })
  return runPipeline(rest, input, pipelineContext)
}

/** Takes what an index can do off the front of the pipeline, and the stages that only the server can answer. */
function startPipeline(
  context: CommandContext,
  collection: Collection | undefined,
  pipeline: Document[],
  options: Pick<PipelineContext, 'collation' | 'let'>,
): { input: Iterable<Document>; rest: Document[] } {
  const [first, second] = pipeline
  if (first?.$currentOp !== undefined) {
    if (context.db !== 'admin')
      throw serverError(73, 'InvalidNamespace', '$currentOp must be run against the admin database')
    return {
      input: currentOperations(context, documentField(first, '$currentOp') ?? {}),
      rest: pipeline.slice(1),
    }
  }
  if (first?.$listLocalSessions !== undefined) return { input: sessionList(context), rest: pipeline.slice(1) }
  if (first?.$collStats !== undefined)
    return { input: [collectionStats(context, collection)], rest: pipeline.slice(1) }
  if (first?.$indexStats !== undefined)
    return { input: indexStats(context, collection), rest: pipeline.slice(1) }
  const filter = isDocument(first?.$match) ? first.$match : undefined
  const ordering = filter === undefined ? first : second
  const sort = isDocument(ordering?.$sort) ? ordering.$sort : undefined
  const request = { filter: filter ?? {}, sort, hint: context.command.hint, ...options }
  const taken = Number(filter !== undefined) + Number(sort !== undefined)
  return {
    input: documentsOf(findDocuments(collection, readView(context), request)),
    rest: pipeline.slice(taken),
  }
}

function* sessionList({ server }: CommandContext): Generator<Document> {
  for (const { lsid, lastUse } of server.sessions.all()) yield { _id: lsid, lastUse: new Date(lastUse) }
}

function* documentsOf(found: Iterable<{ document: Document }>): Generator<Document> {
  for (const { document } of found) yield document
}

/** Opens every other collection of the pipeline before it runs, as running does not wait. */
async function foreignCollections(
  context: CommandContext,
  pipeline: Document[],
): Promise<Map<string, Collection | undefined>> {
  const collections = new Map<string, Collection | undefined>()
  for (const ns of foreignNamespaces(pipeline, context.db))
    collections.set(ns, await useCollection(context, ns))
  return collections
}
