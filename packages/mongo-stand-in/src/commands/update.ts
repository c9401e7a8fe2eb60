import { type Document, Int32 } from 'bson'
import { assertKnownFields } from '../dispatch/generic-arguments.ts'
import { failedToParse } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { assertMayWrite } from '../writes/assert-may-write.ts'
import { runStatements } from '../writes/run-statements.ts'
import { prepareUpdate, type UpdateRequest } from '../writes/update-document.ts'
import { updateMany, updateOne } from '../writes/update-statement.ts'
import type { Command } from './command.ts'
import { type CommandContext, targetNamespace, useEntry, useOrCreateEntry } from './context.ts'
import { booleanField, documentField, documentListField, statementsField } from './fields.ts'
import { collationOf } from './read-request.ts'
import { letVariables } from './variables.ts'
import { writeReply } from './write-reply.ts'

const ENTRY = ['q', 'u', 'c', 'multi', 'upsert', 'arrayFilters', 'hint', 'collation', 'sort']

export const update: Command = {
  name: 'update',
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  inTransaction: true,
  async run(context) {
    const { command } = context
    const ordered = booleanField(command, 'ordered') !== false
    const updates = statementsField(command, 'updates')
    for (const entry of updates) assertKnownFields('update.updates', entry, ENTRY)
    const ns = targetNamespace(context)
    const upserts = updates.some((entry) => booleanField(entry, 'upsert') === true)
    const collection = await (upserts ? useOrCreateEntry(context, ns) : useEntry(context, ns))
    const { results, writeErrors } = await runStatements(context, updates, ordered, (entry, at) =>
      runUpdate(context, collection, entry, at),
    )
    const upserted = results.flatMap((result, index) =>
      result !== undefined && 'upserted' in result ? [{ index: new Int32(index), _id: result.upserted }] : [],
    )
    const sum = (field: string) =>
      new Int32(results.reduce((total, result) => total + Number(result?.[field] ?? 0), 0))
    const counts = {
      n: sum('n'),
      nModified: sum('nModified'),
      ...(upserted.length === 0 ? {} : { upserted }),
    }
    return writeReply(context, counts, writeErrors)
  },
}

/** Runs one entry of an update; on a collection that does not exist it changes nothing. */
export async function runUpdate(
  context: CommandContext,
  collection: Collection | undefined,
  entry: Document,
  number: number,
): Promise<Document> {
  assertMayWrite(context, collection)
  if (entry.sort !== undefined && booleanField(entry, 'multi') === true)
    throw failedToParse('Cannot specify sort with multi=true')
  const prepared = prepareUpdate(readUpdate(context.command, entry, collection))
  if (collection === undefined) return { n: new Int32(0), nModified: new Int32(0) }
  const upsert = booleanField(entry, 'upsert') === true
  if (booleanField(entry, 'multi') !== true)
    return updateOne(context, collection, prepared, { number, upsert })
  if (prepared.change.kind === 'replacement') {
    throw failedToParse('multi update is not supported for replacement-style update')
  }
  return updateMany(context, collection, prepared, { number, upsert })
}

function readUpdate(command: Document, entry: Document, collection: Collection | undefined): UpdateRequest {
  const { u: change, arrayFilters } = entry
  return {
    filter: documentField(entry, 'q') ?? {},
    update: Array.isArray(change) ? (change as Document[]) : (documentField(entry, 'u') ?? {}),
    sort: documentField(entry, 'sort'),
    hint: entry.hint,
    collation: collationOf(entry, collection),
    let: letVariables(entry.c === undefined ? command : { let: entry.c }),
    arrayFilters: arrayFilters === undefined ? undefined : documentListField(entry, 'arrayFilters'),
    bypassValidation: booleanField(command, 'bypassDocumentValidation') === true,
  }
}
