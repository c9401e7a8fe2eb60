import type { Document } from 'bson'
import type { Collection } from './collection.ts'
import { rememberDecoded } from './decoded-documents.ts'
import { idOf } from './document-id.ts'
import { keepDocument } from './kept-bytes.ts'
import type { StoredRecord } from './stored-record.ts'
import { visibleDocument } from './stored-record.ts'
import { assertUniqueKeys, duplicateKey } from './unique-keys.ts'
import { WriteConflict } from './write-conflict.ts'
import type { WriteKind, WriteUnit } from './write-unit.ts'

/** A new state of a record; null for a delete. `decoded` is what the bytes decode to, where that is known already. */
export type NewState = { raw: Uint8Array; document: Document; decoded?: Document } | null

/**
 * Writes a record within a unit: nobody else sees it before the unit commits. The first of two units that write a
 * record wins.
 *
 * @throws WriteConflict if another unit has it, or committed a change after this unit's snapshot; ServerError
 *   DuplicateKey for a unique key that is taken.
 */
export function stageWrite(
  unit: WriteUnit,
  collection: Collection,
  record: StoredRecord,
  kind: WriteKind,
  state: NewState,
  description: Document | null = null,
): void {
  assertWritable(unit, record)
  const before = visibleDocument(record, { unit })
  if (kind === 'insert' && before !== null)
    throw duplicateKey(collection.ns, collection.ids.definition, [idOf(record.key)])
  if (state !== null) assertUniqueKeys(unit, collection, record, state.document)
  const previous = unit.staged.get(record)
  const raw = state === null ? null : keepDocument(state.raw)
  if (raw !== null) record.key = raw
  if (raw !== null && state?.decoded !== undefined) rememberDecoded(raw, state.decoded, state.raw.length)
  record.lock = unit
  unit.staged.set(record, { collection, raw, document: state?.document ?? null })
  if (state !== null) collection.index(record, state.document)
  if (previous?.document) collection.release(record, previous.document)
  const image = collection.keepsImages ? before : null
  unit.operations.push({ collection, kind, key: record.key, raw, before: image, description })
}

/** Refuses before anything is computed from the record: its state in this unit's snapshot may be out of date. */
export function assertWritable(unit: WriteUnit, record: StoredRecord): void {
  if (record.lock !== undefined && record.lock !== unit) throw new WriteConflict(record.lock)
  if (record.at > unit.snapshot) throw new WriteConflict(undefined)
}

/** Undoes everything that the unit has staged. */
export function rollbackStaged(unit: WriteUnit): void {
  for (const [record, { collection, document }] of unit.staged) {
    record.lock = undefined
    if (document !== null) collection.release(record, document)
    collection.forgetIfEmpty(record)
  }
  unit.staged.clear()
  unit.operations.length = 0
  unit.created.clear()
  unit.end()
}
