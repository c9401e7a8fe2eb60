import { type Document, Int32 } from 'bson'
import { assertKnownFields } from '../dispatch/generic-arguments.ts'
import { FoundDocument, findDocuments } from '../planning/find-documents.ts'
import { compileQuery } from '../query/compile-query.ts'
import { failedToParse, locationError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { visibleDocument } from '../storage/stored-record.ts'
import { assertMayWrite } from '../writes/assert-may-write.ts'
import { deleteRecord } from '../writes/delete-document.ts'
import { runStatements } from '../writes/run-statements.ts'
import { writeStatement } from '../writes/write-statement.ts'
import type { Command } from './command.ts'
import { type CommandContext, readView, targetNamespace, useEntry } from './context.ts'
import { booleanField, documentField, numberField, statementsField } from './fields.ts'
import { collationOf } from './read-request.ts'
import { letVariables } from './variables.ts'
import { writeReply } from './write-reply.ts'

export const deleteCommand: Command = {
  name: 'delete',
  fields: ['deletes', 'ordered', 'let'],
  inTransaction: true,
  async run(context) {
    const { command } = context
    const collection = await useEntry(context, targetNamespace(context))
    const ordered = booleanField(command, 'ordered') !== false
    const deletes = statementsField(command, 'deletes')
    for (const entry of deletes) checkEntry(entry)
    const { results, writeErrors } = await runStatements(context, deletes, ordered, async (entry, at) =>
      collection === undefined ? { n: new Int32(0) } : runDelete(context, collection, entry, at),
    )
    const n = results.reduce((total, result) => total + Number(result?.n ?? 0), 0)
    return writeReply(context, { n: new Int32(n) }, writeErrors)
  },
}

function checkEntry(entry: Document): void {
  assertKnownFields('delete.deletes', entry, ['q', 'limit', 'hint', 'collation'])
  if (entry.limit === undefined)
    throw locationError(40414, "BSON field 'delete.deletes.limit' is missing but a required field")
  const limit = numberField(entry, 'limit')
  if (limit !== 0 && limit !== 1)
    throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${String(limit)}`)
}

/** Runs one entry of a delete: its first match for `limit: 1`, else all, each committing by itself. */
export async function runDelete(
  context: CommandContext,
  collection: Collection,
  entry: Document,
  number: number,
): Promise<Document> {
  assertMayWrite(context, collection)
  const request = {
    filter: documentField(entry, 'q') ?? {},
    hint: entry.hint,
    collation: collationOf(entry, collection),
    let: letVariables(context.command),
  }
  if (numberField(entry, 'limit') === 1) {
    return writeStatement(context, number, (unit) => {
      for (const { record } of findDocuments(collection, { unit }, { ...request, limit: 1 })) {
        deleteRecord(unit, collection, record)
        return { n: new Int32(1) }
      }
      return { n: new Int32(0) }
    })
  }
  const query = compileQuery(request.filter, request)
  let deleted = 0
  for (const { record } of [...findDocuments(collection, readView(context), request)]) {
    const { n } = await writeStatement({ ...context, retryable: false }, number, (unit) => {
      const kept = visibleDocument(record, { unit })
      if (kept === null || !query.test(new FoundDocument(record, kept).document)) return { n: 0 }
      deleteRecord(unit, collection, record)
      return { n: 1 }
    })
    deleted += n
  }
  return { n: new Int32(deleted) }
}
