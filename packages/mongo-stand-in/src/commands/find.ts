import type { Document } from 'bson'
import type { Collation } from '../bson/collation.ts'
import { encodeDocument } from '../bson/decode.ts'
import { findDocuments } from '../planning/find-documents.ts'
import { compileQuery } from '../query/compile-query.ts'
import { compileProjection } from '../query/project.ts'
import { badValue } from '../server-error.ts'
import { bytesOf, decodeKept, type KeptDocument } from '../storage/kept-bytes.ts'
import { stagesOfFind } from '../views/read-as-stages.ts'
import type { CursorReply } from '../wire/reply-encoding.ts'
import type { Command } from './command.ts'
import { type CommandContext, readView, targetNamespace } from './context.ts'
import { booleanField, countField, documentField } from './fields.ts'
import { lazyReply } from './first-batch.ts'
import { runReadPipeline } from './read-pipeline.ts'
import { refuseFields } from './read-request.ts'
import { openReadSource, type ReadSource, readCollation } from './read-source.ts'
import { tail } from './tail.ts'
import { letVariables } from './variables.ts'

export const find: Command = {
  name: 'find',
  fields: [
    'filter',
    'projection',
    'sort',
    'hint',
    'collation',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'allowDiskUse',
    'min',
    'max',
    'returnKey',
    'showRecordId',
    'tailable',
    'awaitData',
    'oplogReplay',
    'noCursorTimeout',
    'allowPartialResults',
    'let',
  ],
  inTransaction: true,
  async run(context) {
    const { command } = context
    refuseFields(command, ['min', 'max', 'returnKey', 'showRecordId'])
    if (command.awaitData === true && command.tailable !== true)
      throw badValue("Cannot set 'awaitData' without also setting 'tailable'")
    const ns = targetNamespace(context)
    const source = await openReadSource(context, ns)
    if (source.view !== undefined) return findInView(context, source)
    if (booleanField(command, 'tailable') === true) return tail(context, source)
    const { collection } = source
    const collation = readCollation(command, source)
    const filter = documentField(command, 'filter') ?? {}
    const variables = letVariables(command)
    const limit = countField(command, 'limit') ?? 0
    const found = findDocuments(collection, readView(context), {
      filter,
      sort: documentField(command, 'sort'),
      hint: command.hint,
      skip: countField(command, 'skip'),
      limit: Math.trunc(limit),
      collation,
      let: variables,
    })
    const projection = documentField(command, 'projection')
    // Only places are held for the cursor's life; what is sent of them is made batch by batch.
    const documents = Array.from(found, ({ kept }) => kept)
    const toBytes = compileReply(projection, { filter, collation, let: variables })
    return findReply(context, documents, toBytes, ns)
  },
}

async function findInView(context: CommandContext, source: ReadSource): Promise<CursorReply> {
  const { command } = context
  const found = await runReadPipeline(context, { command, source, stages: stagesOfFind(command) })
  return findReply(context, [...found], encodeDocument, source.ns)
}

function findReply<T>(
  context: CommandContext,
  documents: readonly T[],
  toBytes: (document: T) => Uint8Array,
  ns: string,
): Promise<CursorReply> {
  const { command } = context
  const single = booleanField(command, 'singleBatch') === true
  return lazyReply(context, documents, toBytes, { ns, batchSize: countField(command, 'batchSize'), single })
}

/** Stored documents are sent as they are, unless the client wants other fields. */
function compileReply(
  projection: Document | undefined,
  { filter, ...options }: { filter: Document; collation?: Collation; let?: Document },
): (document: KeptDocument) => Uint8Array {
  if (projection === undefined || Object.keys(projection).length === 0) return bytesOf
  const project = compileProjection(projection, { ...options, query: compileQuery(filter, options) })
  return (document) => encodeDocument(project(decodeKept(document)))
}
