import { type Document, Int32 } from 'bson'
import { encodeDocument } from '../bson/decode.ts'
import { isDocument } from '../bson/value-type.ts'
import { assertKnownFields } from '../dispatch/generic-arguments.ts'
import { badValue } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { CursorReply } from '../wire/reply-encoding.ts'
import { assertMayWrite } from '../writes/assert-may-write.ts'
import { insertDocument } from '../writes/insert-document.ts'
import { runStatements } from '../writes/run-statements.ts'
import { writeStatement } from '../writes/write-statement.ts'
import type { Command } from './command.ts'
import { type CommandContext, useEntry, useOrCreateEntry } from './context.ts'
import { runDelete } from './delete.ts'
import {
  booleanField,
  documentField,
  documentListField,
  numberField,
  statementsField,
  stringField,
} from './fields.ts'
import { resultReply } from './first-batch.ts'
import { runUpdate } from './update.ts'
import { writeReply } from './write-reply.ts'

type Kind = 'insert' | 'update' | 'delete'

const FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  insert: ['insert', 'document'],
  update: [
    'update',
    'filter',
    'updateMods',
    'multi',
    'upsert',
    'arrayFilters',
    'hint',
    'collation',
    'sort',
    'constants',
  ],
  delete: ['delete', 'filter', 'multi', 'hint', 'collation'],
}

interface BulkOperation {
  readonly kind: Kind
  readonly ns: string
  readonly entry: Document
}

/** Writes to several collections at once, as MongoDB 8.0 has it for the client's bulkWrite. */
export const bulkWrite: Command = {
  name: 'bulkWrite',
  adminOnly: true,
  fields: ['ops', 'nsInfo', 'ordered', 'bypassDocumentValidation', 'let', 'errorsOnly', 'cursor'],
  inTransaction: true,
  async run(context) {
    const { command } = context
    const operations = readOperations(command)
    const ordered = booleanField(command, 'ordered') !== false
    const { results, writeErrors } = await runStatements(context, operations, ordered, (operation, at) =>
      runOperation(context, operation, at),
    )
    const outcomes = operations.flatMap((_operation, at) => outcome(at, results[at], writeErrors))
    const errorsOnly = booleanField(command, 'errorsOnly') === true
    const shown = outcomes.filter(({ ok }) => !errorsOnly || Number(ok) === 0).map(encodeDocument)
    const { id, ns, documents } = await resultReply(context, shown, {
      ns: 'admin.$cmd.bulkWrite',
      batchSize: numberField(documentField(command, 'cursor') ?? {}, 'batchSize') ?? (shown.length || 1),
    })
    const counts = { ...countResults(operations, results), nErrors: new Int32(writeErrors.length) }
    return new CursorReply({ id, ns, part: 'firstBatch', documents }, {}, writeReply(context, counts, []))
  },
}

function readOperations(command: Document): BulkOperation[] {
  const namespaces = documentListField(command, 'nsInfo').map((info) => stringField(info, 'ns'))
  return statementsField(command, 'ops').map((entry) => {
    const kind = (['insert', 'update', 'delete'] as const).find((name) => entry[name] !== undefined)
    const ns = kind === undefined ? undefined : namespaces[Number(entry[kind])]
    if (kind === undefined || ns === undefined)
      throw badValue('BulkWrite ops entry has an invalid nsInfo index')
    assertKnownFields('bulkWrite.ops', entry, FIELDS[kind])
    return { kind, ns, entry }
  })
}

async function runOperation(
  context: CommandContext,
  operation: BulkOperation,
  number: number,
): Promise<Document> {
  const { kind, ns, entry } = operation
  if (kind === 'insert') return insertOne(context, await useOrCreateEntry(context, ns), entry, number)
  const upserts = kind === 'update' && booleanField(entry, 'upsert') === true
  const collection = await (upserts ? useOrCreateEntry(context, ns) : useEntry(context, ns))
  const multi = booleanField(entry, 'multi') === true
  if (kind === 'update') {
    const { update: _target, filter, updateMods, constants, ...rest } = entry
    return runUpdate(
      context,
      collection,
      { ...rest, q: filter, u: updateMods, multi, ...(constants === undefined ? {} : { c: constants }) },
      number,
    )
  }
  if (collection === undefined) return { n: new Int32(0) }
  const { delete: _target, multi: _many, filter, ...rest } = entry
  return runDelete(context, collection, { ...rest, q: filter, limit: new Int32(multi ? 0 : 1) }, number)
}

function insertOne(
  context: CommandContext,
  collection: Collection,
  entry: Document,
  number: number,
): Promise<Document> {
  const bypassValidation = booleanField(context.command, 'bypassDocumentValidation') === true
  const document = documentField(entry, 'document') ?? {}
  return writeStatement(context, number, (unit) => {
    assertMayWrite(context, collection)
    insertDocument(unit, collection, document, undefined, { bypassValidation })
    return { n: new Int32(1) }
  })
}

/** One line of the result; none for an operation that was not reached. */
function outcome(at: number, result: Document | undefined, writeErrors: Document[]): Document[] {
  const idx = new Int32(at)
  if (result !== undefined) {
    const { upserted, ...rest } = result
    return [{ ok: 1, idx, ...rest, ...('upserted' in result ? { upserted: { _id: upserted } } : {}) }]
  }
  const error = writeErrors.find(({ index }) => Number(index) === at)
  if (error === undefined) return []
  const { index: _position, ...fields } = error
  return [{ ok: 0, idx, n: new Int32(0), ...fields }]
}

function countResults(operations: BulkOperation[], results: Array<Document | undefined>): Document {
  const counts = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 }
  for (const [at, result] of results.entries()) {
    if (!isDocument(result)) continue
    const kind = operations[at]?.kind
    const n = Number(result.n)
    if (kind === 'insert') counts.nInserted += n
    else if (kind === 'delete') counts.nDeleted += n
    else if ('upserted' in result) counts.nUpserted++
    else {
      counts.nMatched += n
      counts.nModified += Number(result.nModified)
    }
  }
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, new Int32(count)]))
}
