import type { Document } from 'bson'
import type { Collation } from '../bson/collation.ts'
import { encodeDocument } from '../bson/decode.ts'
import { encodeChange } from '../bson/encode-change.ts'
import { type FoundDocument, findDocuments } from '../planning/find-documents.ts'
import { type CompiledQuery, compileQuery } from '../query/compile-query.ts'
import type { Collection } from '../storage/collection.ts'
import { isLarge } from '../storage/decoded-documents.ts'
import { assertWritable, stageWrite } from '../storage/stage-write.ts'
import type { WriteUnit } from '../storage/write-unit.ts'
import { type CompiledUpdate, compileUpdate } from '../update/compile-update.ts'
import { upsertSeed } from '../update/upsert-seed.ts'
import { assertSameSize, isCapped } from './capped-collection.ts'
import { assertValid, sized } from './check-document.ts'
import { fillTimestamps } from './empty-timestamps.ts'
import { insertDocument } from './insert-document.ts'

/** One update of a command: what to find and what to make of it. */
export interface UpdateRequest {
  readonly filter: Document
  readonly update: Document | Document[]
  readonly sort?: Document
  readonly hint?: unknown
  readonly collation?: Collation
  readonly let?: Document
  readonly arrayFilters?: Document[]
  readonly bypassValidation: boolean
}

export interface PreparedUpdate extends UpdateRequest {
  readonly query: CompiledQuery
  readonly change: CompiledUpdate
}

export function prepareUpdate(request: UpdateRequest): PreparedUpdate {
  const { filter, update, collation, let: variables, arrayFilters } = request
  return {
    ...request,
    query: compileQuery(filter, { collation, let: variables }),
    change: compileUpdate(update, { arrayFilters, collation, let: variables }),
  }
}

/** The first document that matches, in the order of the sort. */
export function findFirst(
  unit: WriteUnit,
  collection: Collection,
  request: UpdateRequest,
): FoundDocument | undefined {
  for (const found of findDocuments(collection, { unit }, { ...request, limit: 1 })) return found
  return undefined
}

/** Stages the change of one document. A change that leaves every byte as it was writes nothing. */
export function updateFound(
  unit: WriteUnit,
  collection: Collection,
  { record, raw, document }: FoundDocument,
  { query, change, bypassValidation }: PreparedUpdate,
): { changed: boolean; document: Document } {
  // Before anything is computed: in a transaction the document may be out of date, and then nothing else counts.
  assertWritable(unit, record)
  const context = { inserting: false, positional: query.positional(document) }
  const applied = change.apply(document, context)
  const next = idFirst(change.kind === 'replacement' ? fillTimestamps(applied) : applied)
  const state = sized({ document: next, ...encodeNext(change.kind, { raw, document }, next) })
  if (Buffer.compare(state.raw, raw) === 0) return { changed: false, document }
  if (isCapped(collection)) assertSameSize(raw.length, state.raw.length)
  if (!bypassValidation) assertValid(collection, next, document)
  if (change.kind === 'replacement') stageWrite(unit, collection, record, 'replace', state)
  else stageWrite(unit, collection, record, 'update', state, change.describe(document, next, context))
  return { changed: true, document: next }
}

/** Of a large document only what changed is encoded. A replacement has nothing in common with what it replaces. */
function encodeNext(
  kind: CompiledUpdate['kind'],
  before: { raw: Uint8Array; document: Document },
  next: Document,
): { raw: Uint8Array; decoded?: Document } {
  if (kind === 'replacement' || !isLarge(before.raw.length)) return { raw: encodeDocument(next) }
  const { raw, document } = encodeChange(before.document, before.raw, next)
  return isLarge(raw.length) ? { raw, decoded: document } : { raw }
}

/** Stages the document that an upsert makes where nothing matched. */
export function insertUpserted(
  unit: WriteUnit,
  collection: Collection,
  { filter, change, bypassValidation }: PreparedUpdate,
): Document {
  const seed = upsertSeed(filter)
  const start = change.kind === 'replacement' ? onlyId(seed) : seed
  const document = change.apply(start, { inserting: true })
  return insertDocument(unit, collection, document, undefined, { bypassValidation })
}

function onlyId({ _id }: Document): Document {
  return _id === undefined ? {} : { _id }
}

function idFirst(document: Document): Document {
  if (Object.keys(document)[0] === '_id') return document
  const { _id, ...rest } = document
  return { _id, ...rest }
}
