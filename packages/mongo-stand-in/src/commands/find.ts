import { encodeDocument } from '../bson/decode.ts'
import { findDocuments } from '../planning/find-documents.ts'
import { compileQuery } from '../query/compile-query.ts'
import { compileProjection } from '../query/project.ts'
import type { Command } from './command.ts'
import { readView, targetNamespace, useCollection } from './context.ts'
import { booleanField, documentField, numberField } from './fields.ts'
import { resultReply } from './first-batch.ts'
import { collationOf, refuseFields } from './read-request.ts'
import { letVariables } from './variables.ts'

export const find: Command = {
  name: 'find',
  inTransaction: true,
  async run(context) {
    const { command } = context
    refuseFields(command, ['min', 'max', 'returnKey', 'showRecordId', 'tailable', 'awaitData'])
    const ns = targetNamespace(context)
    const collection = await useCollection(context, ns)
    const collation = collationOf(command, collection)
    const filter = documentField(command, 'filter') ?? {}
    const variables = letVariables(command)
    const limit = numberField(command, 'limit') ?? 0
    const found = findDocuments(collection, readView(context), {
      filter,
      sort: documentField(command, 'sort'),
      hint: command.hint,
      skip: numberField(command, 'skip'),
      // A negative limit is the old way to ask for a single batch.
      limit: Math.abs(limit),
      collation,
      let: variables,
    })
    const projection = documentField(command, 'projection')
    const documents: Uint8Array[] = []
    if (projection === undefined || Object.keys(projection).length === 0) {
      for (const { raw } of found) documents.push(raw)
    } else {
      const query = compileQuery(filter, { collation, let: variables })
      const project = compileProjection(projection, { collation, let: variables, query })
      for (const { document } of found) documents.push(encodeDocument(project(document)))
    }
    const single = limit < 0 || booleanField(command, 'singleBatch') === true
    return resultReply(context, documents, { ns, batchSize: numberField(command, 'batchSize'), single })
  },
}
