import { type Document, Int32 } from 'bson'
import { type CommandContext, readView } from '../commands/context.ts'
import { FoundDocument, findDocuments } from '../planning/find-documents.ts'
import type { Collection } from '../storage/collection.ts'
import { visibleDocument } from '../storage/stored-record.ts'
import { findFirst, insertUpserted, type PreparedUpdate, updateFound } from './update-document.ts'
import { writeStatement } from './write-statement.ts'

export interface UpdateStatement {
  readonly number: number
  readonly upsert: boolean
}

/** Updates the first document that matches, or makes one. */
export function updateOne(
  context: CommandContext,
  collection: Collection,
  prepared: PreparedUpdate,
  { number, upsert }: UpdateStatement,
): Promise<Document> {
  return writeStatement(context, number, (unit) => {
    const found = findFirst(unit, collection, prepared)
    if (found !== undefined) {
      const { changed } = updateFound(unit, collection, found, prepared)
      return { n: new Int32(1), nModified: new Int32(changed ? 1 : 0) }
    }
    if (!upsert) return { n: new Int32(0), nModified: new Int32(0) }
    return {
      n: new Int32(1),
      nModified: new Int32(0),
      upserted: insertUpserted(unit, collection, prepared)._id,
    }
  })
}

/** Updates every document that matched at the start and still does when its turn comes; each commits by itself. */
export async function updateMany(
  context: CommandContext,
  collection: Collection,
  prepared: PreparedUpdate,
  statement: UpdateStatement,
): Promise<Document> {
  const records = [...findDocuments(collection, readView(context), prepared)].map(({ record }) => record)
  // One statement, many commits: a number that stands for the first of them must not answer for the others.
  const each = { ...context, retryable: false }
  let matched = 0
  let modified = 0
  for (const record of records) {
    const result = await writeStatement(each, statement.number, (unit) => {
      const kept = visibleDocument(record, { unit })
      const found = kept === null ? undefined : new FoundDocument(record, kept)
      if (found === undefined || !prepared.query.test(found.document))
        return { matched: false, changed: false }
      return { matched: true, changed: updateFound(unit, collection, found, prepared).changed }
    })
    if (result.matched) matched++
    if (result.changed) modified++
  }
  if (records.length === 0 && statement.upsert) return updateOne(context, collection, prepared, statement)
  return { n: new Int32(matched), nModified: new Int32(modified) }
}
