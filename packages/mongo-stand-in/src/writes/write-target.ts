import type { Document } from 'bson'
import type { WriteTarget } from '../aggregate/run-pipeline.ts'
import { type CommandContext, createCollection } from '../commands/context.ts'
import { collationOf } from '../commands/read-request.ts'
import { letVariables } from '../commands/variables.ts'
import { findDocuments } from '../planning/find-documents.ts'
import { locationError, serverError } from '../server-error.ts'
import { rollbackStaged } from '../storage/stage-write.ts'
import type { WriteUnit } from '../storage/write-unit.ts'
import { assertNoView } from '../views/view-definition.ts'
import { isCapped } from './capped-collection.ts'
import { deleteRecord } from './delete-document.ts'
import { insertDocument } from './insert-document.ts'
import { assertMergeable, type MergeOptions, mergeDocument } from './merge-document.ts'

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
  const { command } = context
  const ns = `${target.db ?? context.db}.${target.collection}`
  const existing = context.server.store.catalog.get(ns)
  if (existing !== undefined) assertNoView(existing)
  const options: MergeOptions = {
    bypassValidation: command.bypassDocumentValidation === true,
    collation: collationOf(command, undefined),
    variables: letVariables(command),
  }
  if (target.kind === '$out' && existing !== undefined && isCapped(existing))
    throw locationError(17152, `namespace '${ns}' is capped so it can't be used for $out`)
  if (target.kind === '$merge') assertMergeable(existing, target, options)
  // Read completely before anything is written: the source may be the target.
  const all = [...documents]
  const collection = existing ?? createCollection(context, ns, {})
  if (target.kind === '$merge') {
    for (const document of all) {
      commitAtOnce(context, (unit) => mergeDocument(unit, collection, target, document, options))
    }
    return
  }
  commitAtOnce(context, (unit) => {
    for (const { record } of [...findDocuments(collection, { unit }, { filter: {} })])
      deleteRecord(unit, collection, record)
    for (const document of all) insertDocument(unit, collection, document, undefined, options)
  })
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
