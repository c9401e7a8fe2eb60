import type { Document } from 'bson'
import type { WriteTarget } from '../aggregate/run-pipeline.ts'
import { equalValues } from '../bson/compare.ts'
import { isDocument } from '../bson/value-type.ts'
import { type CommandContext, createCollection } from '../commands/context.ts'
import { findDocuments } from '../planning/find-documents.ts'
import { locationError, notSupported, serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { rollbackStaged } from '../storage/stage-write.ts'
import { duplicateKey } from '../storage/unique-keys.ts'
import type { WriteUnit } from '../storage/write-unit.ts'
import { assertNoView } from '../views/view-definition.ts'
import { deleteRecord } from './delete-document.ts'
import { insertDocument } from './insert-document.ts'
import { prepareUpdate, updateFound } from './update-document.ts'

type Merge = Extract<WriteTarget, { kind: '$merge' }>

/** Carries out `$out` and `$merge`. `$out` replaces the content at one moment; `$merge` writes document by document. */
export function writeTarget(
  context: CommandContext,
  target: WriteTarget,
  documents: Iterable<Document>,
): void {
  if (context.transaction !== undefined) {
    throw serverError(
      263,
      'OperationNotSupportedInTransaction',
      `${target.kind} cannot be used in a transaction`,
    )
  }
  const ns = `${target.db ?? context.db}.${target.collection}`
  // Read completely before anything is written: the source may be the target.
  const all = [...documents]
  const collection = context.server.store.catalog.get(ns) ?? createCollection(context, ns, {})
  assertNoView(collection)
  if (target.kind === '$out') {
    commitAtOnce(context, (unit) => {
      for (const { record } of [...findDocuments(collection, { unit }, { filter: {} })])
        deleteRecord(unit, collection, record)
      for (const document of all)
        insertDocument(unit, collection, document, undefined, { bypassValidation: false })
    })
    return
  }
  for (const document of all) commitAtOnce(context, (unit) => mergeOne(unit, collection, target, document))
}

function mergeOne(unit: WriteUnit, collection: Collection, target: Merge, document: Document): void {
  const filter = Object.fromEntries(target.on.map((field) => [field, { $eq: document[field] ?? null }]))
  const [found] = findDocuments(collection, { unit }, { filter, limit: 1 })
  if (found === undefined) {
    if (target.whenNotMatched === 'fail') {
      throw locationError(13113, '$merge could not find a matching document in the target collection')
    }
    if (target.whenNotMatched === 'insert') {
      insertDocument(unit, collection, document, undefined, { bypassValidation: false })
    }
    return
  }
  const { whenMatched } = target
  if (whenMatched === 'keepExisting') return
  if (whenMatched === 'fail')
    throw duplicateKey(collection.ns, collection.ids.definition, [found.document._id])
  if (Array.isArray(whenMatched)) throw notSupported('$merge with a pipeline for whenMatched')
  const { _id, ...fields } = document
  if (isDocument(found.document) && _id !== undefined && !equalValues(_id, found.document._id)) {
    throw serverError(
      66,
      'ImmutableField',
      "$merge failed to update the matching document: the '_id' field is immutable",
    )
  }
  if (whenMatched === 'merge' && Object.keys(fields).length === 0) return
  const update = whenMatched === 'replace' ? fields : { $set: fields }
  updateFound(unit, collection, found, prepareUpdate({ filter, update, bypassValidation: false }))
}

function commitAtOnce({ server }: CommandContext, body: (unit: WriteUnit) => void): void {
  const unit = server.store.openUnit({ keepsSnapshot: false })
  try {
    body(unit)
  } catch (error) {
    rollbackStaged(unit)
    throw error
  }
  server.store.commit(unit)
}
