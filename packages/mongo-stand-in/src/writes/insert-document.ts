import type { Document } from 'bson'
import type { Collection } from '../storage/collection.ts'
import { documentIn } from '../storage/kept-bytes.ts'
import { stageWrite } from '../storage/stage-write.ts'
import type { WriteUnit } from '../storage/write-unit.ts'
import { assertFitsCapped, isCapped, makeRoom } from './capped-collection.ts'
import { assertValid, normalizeForInsert } from './check-document.ts'

export interface InsertOptions {
  readonly bypassValidation: boolean
}

/** Stages a new document and returns it as it is stored. */
export function insertDocument(
  unit: WriteUnit,
  collection: Collection,
  document: Document,
  raw: Uint8Array | undefined,
  { bypassValidation }: InsertOptions,
): Document {
  const state = normalizeForInsert(document, raw)
  if (!bypassValidation) assertValid(collection, state.document)
  const capped = isCapped(collection)
  if (capped) assertFitsCapped(collection, state.raw.length)
  const record = collection.recordFor(documentIn(state.raw))
  try {
    stageWrite(unit, collection, record, 'insert', state)
  } catch (error) {
    collection.forgetIfEmpty(record)
    throw error
  }
  if (capped) makeRoom(unit, collection, record, state.raw.length)
  return state.document
}
