import type { Document } from 'bson'
import { encodeDocument } from '../bson/decode.ts'
import { openChangeStream } from '../change-streams/open-change-stream.ts'
import { failedToParse, serverError } from '../server-error.ts'
import { notOnView } from '../views/view-definition.ts'
import { collectionStats, indexStats } from './collection-stats.ts'
import type { Command } from './command.ts'
import { type CommandContext, namespace, useCollection } from './context.ts'
import { currentOperations } from './current-operations.ts'
import { explainRead } from './explain.ts'
import { booleanField, documentField, documentListField, numberField, stringField } from './fields.ts'
import { cursorReply, resultReply } from './first-batch.ts'
import { runReadPipeline } from './read-pipeline.ts'
import { openReadSource, type ReadSource } from './read-source.ts'

export const aggregate: Command = {
  name: 'aggregate',
  fields: [
    'pipeline',
    'explain',
    'allowDiskUse',
    'cursor',
    'bypassDocumentValidation',
    'hint',
    'collation',
    'let',
  ],
  inTransaction: true,
  async run(context) {
    const { command, db } = context
    const pipeline = documentListField(command, 'pipeline')
    if (command.cursor === undefined && command.explain === undefined) {
      throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument")
    }
    assertReadConcernAllows(pipeline, documentField(command, 'readConcern')?.level)
    const name = typeof command.aggregate === 'string' ? stringField(command, 'aggregate') : undefined
    if (name !== undefined && pipeline[0]?.$documents !== undefined)
      throw serverError(73, 'InvalidNamespace', "'$documents' can only be run with {aggregate: 1}")
    if (name === undefined) assertNeedsNoCollection(pipeline[0])
    const ns = name === undefined ? `${db}.$cmd.aggregate` : namespace(db, name)
    const batchSize = numberField(documentField(command, 'cursor') ?? {}, 'batchSize')
    if (pipeline[0]?.$changeStream !== undefined) {
      if (name !== undefined) await useCollection(context, ns)
      const source = openChangeStream(context, pipeline, { db, name })
      return cursorReply(context, source, { ns, batchSize })
    }
    const source: ReadSource =
      name === undefined ? { ns, collection: undefined, view: undefined } : await openReadSource(context, ns)
    if (booleanField(command, 'explain') === true) return explainRead(context, 'aggregate', command, source)
    const input = firstStageInput(context, pipeline, source)
    const stages = input === undefined ? pipeline : pipeline.slice(1)
    const found = await runReadPipeline(context, { command, source, stages, input })
    return resultReply(context, [...found].map(encodeDocument), { ns, batchSize })
  },
}

const WITHOUT_COLLECTION = ['$changeStream', '$currentOp', '$documents', '$listLocalSessions']

/** An aggregation of the whole database must begin with a stage that brings its own documents. */
function assertNeedsNoCollection(first: Document | undefined): void {
  const [stage] = Object.keys(first ?? {})
  if (stage === undefined)
    throw serverError(73, 'InvalidNamespace', '{aggregate: 1} is not valid for an empty pipeline.')
  if (!WITHOUT_COLLECTION.includes(stage))
    throw serverError(
      73,
      'InvalidNamespace',
      `{aggregate: 1} is not valid for '${stage}'; a collection is required.`,
    )
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

/** The documents of a first stage that only the server can answer. */
function firstStageInput(
  context: CommandContext,
  [first = {}]: Document[],
  source: ReadSource,
): Iterable<Document> | undefined {
  if (first.$currentOp !== undefined) {
    if (context.db !== 'admin')
      throw serverError(73, 'InvalidNamespace', '$currentOp must be run against the admin database')
    return currentOperations(context, documentField(first, '$currentOp') ?? {})
  }
  if (first.$listLocalSessions !== undefined) return sessionList(context)
  if (first.$collStats === undefined && first.$indexStats === undefined) return undefined
  if (source.view !== undefined) throw notOnView(source.ns)
  return first.$collStats === undefined
    ? indexStats(context, source.collection)
    : [collectionStats(context, source.collection, documentField(first, '$collStats') ?? {})]
}

function* sessionList({ server }: CommandContext): Generator<Document> {
  for (const { lsid, lastUse } of server.sessions.all()) yield { _id: lsid, lastUse: new Date(lastUse) }
}
