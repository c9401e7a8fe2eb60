import { valuesAtPath } from './bson/path.ts'
import { isNumber } from './bson/value-type.ts'
import { findDocuments } from './planning/find-documents.ts'
import type { ServerState } from './server-state.ts'
import type { Collection } from './storage/collection.ts'
import type { IndexDefinition } from './storage/index-definition.ts'
import { rollbackStaged } from './storage/stage-write.ts'
import { LATEST, type StoredRecord } from './storage/stored-record.ts'
import { WriteConflict } from './storage/write-conflict.ts'
import { deleteRecord } from './writes/delete-document.ts'

/** Deletes, by the ordinary way of a write, what the TTL indexes say is over. What a transaction holds stays for now. */
export function deleteExpired(server: ServerState, now = Date.now()): number {
  let deleted = 0
  for (const collection of server.store.catalog.values()) {
    for (const { definition } of collection.indexes.values()) {
      for (const record of expired(collection, definition, now))
        if (deleteOne(server, collection, record)) deleted++
    }
  }
  return deleted
}

/** Only a single field can expire; of several dates in an array the earliest counts. */
function expired(collection: Collection, { fields, spec }: IndexDefinition, now: number): StoredRecord[] {
  const [field] = fields
  if (!isNumber(spec.expireAfterSeconds) || field === undefined || fields.length > 1) return []
  const before = new Date(now - Number(spec.expireAfterSeconds) * 1000)
  const filter = { [field.path]: { $lte: before } }
  return [
    ...findDocuments(collection, LATEST, {
      filter,
      hint: spec.partialFilterExpression ? undefined : spec.name,
    }),
  ]
    .filter(({ document }) =>
      valuesAtPath(document, field.path).some((value) => value instanceof Date && value <= before),
    )
    .map(({ record }) => record)
}

function deleteOne({ store }: ServerState, collection: Collection, record: StoredRecord): boolean {
  const unit = store.openUnit({ keepsSnapshot: false })
  try {
    deleteRecord(unit, collection, record)
  } catch (error) {
    rollbackStaged(unit)
    if (error instanceof WriteConflict) return false
    throw error
  }
  store.commit(unit)
  return true
}
