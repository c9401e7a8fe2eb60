import { type Document, EJSON } from 'bson'
import { type ServerError, serverError } from '../server-error.ts'
import type { Collection } from './collection.ts'
import type { IndexDefinition } from './index-definition.ts'
import { decodeKept, type KeptDocument } from './kept-bytes.ts'
import type { OrderedIndex } from './ordered-index.ts'
import { pairedKeys } from './paired-keys.ts'
import { type StoredRecord, visibleDocument } from './stored-record.ts'
import { WriteConflict } from './write-conflict.ts'
import type { WriteUnit } from './write-unit.ts'

/**
 * Refuses a new state whose unique key another record holds.
 *
 * @throws ServerError CannotIndexParallelArrays; DuplicateKey if the unit's own view shows the other record with the key; WriteConflict if an
 *   open unit has written or freed the key, or one that committed after this unit's snapshot did.
 */
export function assertUniqueKeys(
  unit: WriteUnit,
  collection: Collection,
  record: StoredRecord,
  document: Document,
): void {
  for (const index of collection.indexes.values()) {
    const { unique, fields } = index.definition
    if (!unique && fields.length < 2) continue
    // A compound index that is not unique still refuses parallel arrays.
    const keys = pairedKeys(index.definition, document)
    if (!unique) continue
    for (const key of keys) {
      for (const { record: other } of index.withKey(key)) {
        if (other !== record) assertKeyIsFree(unit, collection, index, key, other)
      }
    }
  }
}

function assertKeyIsFree(
  unit: WriteUnit,
  collection: Collection,
  index: OrderedIndex,
  key: readonly unknown[],
  other: StoredRecord,
): void {
  const holds = (held: KeptDocument | null | undefined) =>
    held !== null && held !== undefined && hasKey(index, decodeKept(held), key)
  const own = other.lock === unit
  const now = own ? visibleDocument(other, { unit }) : other.document
  const holdsNow = holds(now)
  if (!own) {
    if (other.lock !== undefined && (holdsNow || holds(other.lock.staged.get(other)?.raw))) {
      throw new WriteConflict(other.lock)
    }
    const changedSince = other.at > unit.snapshot
    if (changedSince && (holdsNow || holds(visibleDocument(other, { at: unit.snapshot }))))
      throw new WriteConflict(undefined)
  }
  if (holdsNow) throw duplicateKey(collection.ns, index.definition, key)
}

function hasKey(index: OrderedIndex, document: Document, key: readonly unknown[]): boolean {
  return pairedKeys(index.definition, document).some((candidate) => index.sameKey(candidate, key))
}

/** 11000, in the words that drivers and applications look for. */
export function duplicateKey(ns: string, definition: IndexDefinition, key: readonly unknown[]): ServerError {
  const keyValue = Object.fromEntries(definition.fields.map(({ path }, at) => [path, key[at] ?? null]))
  const shown = definition.fields
    .map(({ path }, at) => `${path}: ${EJSON.stringify(key[at] ?? null)}`)
    .join(', ')
  return serverError(
    11000,
    'DuplicateKey',
    `E11000 duplicate key error collection: ${ns} index: ${definition.name} dup key: { ${shown} }`,
    { extra: { keyPattern: definition.spec.key, keyValue } },
  )
}
