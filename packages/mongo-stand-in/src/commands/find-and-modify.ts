import { type Document, Int32 } from 'bson'
import { compileProjection } from '../query/project.ts'
import { failedToParse } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import type { WriteUnit } from '../storage/write-unit.ts'
import { assertMayWrite } from '../writes/assert-may-write.ts'
import { deleteRecord } from '../writes/delete-document.ts'
import {
  findFirst,
  insertUpserted,
  type PreparedUpdate,
  prepareUpdate,
  type UpdateRequest,
  updateFound,
} from '../writes/update-document.ts'
import { writeStatement } from '../writes/write-statement.ts'
import type { Command } from './command.ts'
import { targetNamespace, useEntry, useOrCreateEntry } from './context.ts'
import { booleanField, documentField, documentListField } from './fields.ts'
import { collationOf } from './read-request.ts'
import { letVariables } from './variables.ts'

export const findAndModify: Command = {
  name: 'findAndModify',
  fields: [
    'query',
    'fields',
    'sort',
    'hint',
    'collation',
    'arrayFilters',
    'remove',
    'update',
    'new',
    'upsert',
    'bypassDocumentValidation',
    'let',
  ],
  aliases: ['findandmodify'],
  inTransaction: true,
  async run(context) {
    const { command } = context
    assertOneAction(command)
    const ns = targetNamespace(context)
    const upsert = booleanField(command, 'upsert') === true
    const collection = await (upsert ? useOrCreateEntry(context, ns) : useEntry(context, ns))
    assertMayWrite(context, collection)
    const prepared = prepareUpdate(readRequest(command, collection))
    const remove = booleanField(command, 'remove') === true
    const wantsNew = booleanField(command, 'new') === true
    const project = compileProjection(documentField(command, 'fields') ?? {}, prepared)
    if (collection === undefined)
      return { lastErrorObject: { n: new Int32(0), updatedExisting: false }, value: null }
    return writeStatement(context, 0, (unit) => {
      const result = remove
        ? removeFirst(unit, collection, prepared)
        : modifyFirst(unit, collection, prepared, { upsert, wantsNew })
      return result.value === null ? result : { ...result, value: project(result.value) }
    })
  },
}

function assertOneAction(command: Document): void {
  const set = (field: string) => booleanField(command, field) === true
  if (!set('remove')) {
    if (command.update === undefined) throw failedToParse('Either an update or remove=true must be specified')
    return
  }
  if (command.update !== undefined) throw failedToParse('Cannot specify both an update and remove=true')
  if (set('upsert')) throw failedToParse('Cannot specify both upsert=true and remove=true')
  if (set('new'))
    throw failedToParse(
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    )
}

interface Modified {
  readonly lastErrorObject: Document
  readonly value: Document | null
}

function removeFirst(unit: WriteUnit, collection: Collection, request: PreparedUpdate): Modified {
  const found = findFirst(unit, collection, request)
  if (found === undefined) return { lastErrorObject: { n: new Int32(0) }, value: null }
  deleteRecord(unit, collection, found.record)
  return { lastErrorObject: { n: new Int32(1) }, value: found.document }
}

function modifyFirst(
  unit: WriteUnit,
  collection: Collection,
  request: PreparedUpdate,
  { upsert, wantsNew }: { upsert: boolean; wantsNew: boolean },
): Modified {
  const found = findFirst(unit, collection, request)
  if (found !== undefined) {
    const { document } = updateFound(unit, collection, found, request)
    const lastErrorObject = { n: new Int32(1), updatedExisting: true }
    return { lastErrorObject, value: wantsNew ? document : found.document }
  }
  if (!upsert) return { lastErrorObject: { n: new Int32(0), updatedExisting: false }, value: null }
  const document = insertUpserted(unit, collection, request)
  const lastErrorObject = { n: new Int32(1), updatedExisting: false, upserted: document._id }
  return { lastErrorObject, value: wantsNew ? document : null }
}

function readRequest(command: Document, collection: Collection | undefined): UpdateRequest {
  return {
    filter: documentField(command, 'query') ?? {},
    update: Array.isArray(command.update)
      ? (command.update as Document[])
      : (documentField(command, 'update') ?? {}),
    sort: documentField(command, 'sort'),
    hint: command.hint,
    collation: collationOf(command, collection),
    let: letVariables(command),
    arrayFilters: command.arrayFilters === undefined ? undefined : documentListField(command, 'arrayFilters'),
    bypassValidation: booleanField(command, 'bypassDocumentValidation') === true,
  }
}
