import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import type { CopyEncoder, CopyPayload } from '../mapping/compile/copy-encoder.ts'
import { MappingError } from '../mapping/mapping-error.ts'
import type { Mapping } from '../mapping/types.ts'
import { refusalOf } from '../mirror/refusal-of-fault.ts'
import { mapRaw, type Refusal, type SourceState } from '../mirror/source-state.ts'
import { findClashes } from '../mirror/unique-clashes.ts'
import { readUniqueIndexes } from '../mirror/unique-indexes.ts'
import { copyTogether } from '../target/copy-together.ts'
import { databaseFault, isDataFault, isValueTaken } from '../target/sql-state.ts'
import type { ChunkDocument } from './chunk-documents.ts'

/** So many documents are encoded before others get their turn: a chunk that is being sent must not stand still. */
const ENCODE_SLICE = 250

/** What became of documents, by the target's key; whoever is in neither map has been copied. */
export interface LoadResult {
  refused: Map<string, Extract<SourceState, { kind: 'refused' }>>
  /** Documents that want a unique value which another one has or wants: a gap first, never quarantine (A12). */
  clashing: Map<string, ChunkDocument>
  /** Rows that COPY has taken, by table. */
  rows: Map<string, number>
  /** The payloads that were sent; undefined where it took several tries, so that no one payload tells the rows. */
  payloads: CopyPayload[] | undefined
  /** Documents that took the way over objects. */
  general: number
}

/** Documents that are encoded and wait to be sent. */
export interface EncodedDocuments {
  mapping: Mapping
  encoder: CopyEncoder
  documents: ChunkDocument[]
  payloads: CopyPayload[]
  result: LoadResult
}

/**
 * Encodes what can be mapped; what cannot is noted and left out. The encoder serves nobody else until the chunk is done:
 * the payloads lie in its buffers.
 */
export async function encodeDocuments(
  mapping: Mapping,
  encoder: CopyEncoder,
  documents: readonly ChunkDocument[],
): Promise<EncodedDocuments> {
  const result: LoadResult = {
    refused: new Map(),
    clashing: new Map(),
    rows: new Map(),
    payloads: undefined,
    general: 0,
  }
  return encode({ mapping, encoder, result }, documents)
}

interface Loading {
  mapping: Mapping
  encoder: CopyEncoder
  result: LoadResult
}

async function encode(loading: Loading, documents: readonly ChunkDocument[]): Promise<EncodedDocuments> {
  const { encoder } = loading
  const encoded: ChunkDocument[] = []
  encoder.reset()
  for (const [i, document] of documents.entries()) {
    if (encodeDocument(loading, document)) encoded.push(document)
    if (i % ENCODE_SLICE === ENCODE_SLICE - 1) await nextTurn()
  }
  return { ...loading, documents: encoded, payloads: encoder.lend() }
}

function encodeDocument(loading: Loading, document: ChunkDocument): boolean {
  const { mapping, encoder, result } = loading
  const { raw } = document
  // Where ids hold their uuids, the walk finds them itself.
  const entity = mapping.identity === 'id-map' ? document.target.entity : undefined
  if (encoder.encode(raw, entity) === 'encoded') return true
  result.general++
  const { target } = document
  const state = encodeMapped(loading, mapRaw(mapping, target, raw))
  if (state.kind === 'refused') result.refused.set(target.key, state)
  return state.kind === 'mapped'
}

/** Encodes mapped rows; a value that has no place in COPY BINARY refuses its document alone. */
function encodeMapped({ encoder }: Loading, state: SourceState): SourceState {
  if (state.kind !== 'mapped') return state
  try {
    encoder.encodeRows(state.rows)
    return state
  } catch (error) {
    if (!(error instanceof MappingError)) throw error
    const refusal = { path: '', code: 'type', reason: error.message, valueType: 'document' }
    return { kind: 'refused', target: state.target, raw: state.raw, refusal }
  }
}

/**
 * Copies documents whose rows are known to be absent after the statements of `before`. What Postgres refuses is halved
 * until the document at fault stands alone; all of it happens inside the caller's transaction, under one lock and with
 * one read of the source.
 */
export async function sendDocuments(
  tx: PoolClient,
  encoded: EncodedDocuments,
  before: readonly string[] = [],
): Promise<LoadResult> {
  const { result, payloads } = encoded
  if (await send(tx, encoded, before)) result.payloads = payloads
  return result
}

/** Whether all of it was taken at once. */
async function send(tx: PoolClient, encoded: EncodedDocuments, before: readonly string[]): Promise<boolean> {
  const { result, payloads } = encoded
  const sent = payloads.filter(({ rows }) => rows > 0)
  try {
    const copies = sent.map(({ table, schema, columns, payload }) => ({
      table: { name: table, schema },
      columns,
      payload,
    }))
    const counts = await copyTogether(tx, [...before, 'savepoint load'], copies, ['release savepoint load'])
    for (const [i, { table }] of sent.entries())
      result.rows.set(table, (result.rows.get(table) ?? 0) + (counts[i] ?? 0))
    return true
  } catch (error) {
    if (!isDataFault(error)) throw error
    await tx.query('rollback to savepoint load')
    await sendWithout(tx, encoded, error)
    return false
  }
}

async function sendAgain(
  tx: PoolClient,
  loading: Loading,
  documents: readonly ChunkDocument[],
): Promise<void> {
  const encoded = await encode(loading, documents)
  if (encoded.documents.length > 0) await send(tx, encoded, [])
}

async function sendWithout(tx: PoolClient, encoded: EncodedDocuments, error: unknown): Promise<void> {
  const { documents, result } = encoded
  const [first] = documents
  if (documents.length === 1 && first !== undefined) {
    setAside(result, first, error)
    return
  }
  if (isValueTaken(error)) {
    const clashing = await findClashing(tx, encoded)
    if (clashing.size > 0) {
      for (const document of documents) {
        if (clashing.has(document.target.entity ?? '')) result.clashing.set(document.target.key, document)
      }
      return sendAgain(
        tx,
        encoded,
        documents.filter((document) => !clashing.has(document.target.entity ?? '')),
      )
    }
  }
  const middle = Math.ceil(documents.length / 2)
  await sendAgain(tx, encoded, documents.slice(0, middle))
  await sendAgain(tx, encoded, documents.slice(middle))
}

function setAside(result: LoadResult, document: ChunkDocument, error: unknown): void {
  if (isValueTaken(error)) {
    result.clashing.set(document.target.key, document)
    return
  }
  const refusal: Refusal = refusalOf(databaseFault(error))
  result.refused.set(document.target.key, {
    kind: 'refused',
    target: document.target,
    raw: document.raw,
    refusal,
  })
}

/** Entities among these that want a value which another of them wants, or which Postgres already holds. */
async function findClashing(tx: PoolClient, { mapping, documents }: EncodedDocuments): Promise<Set<string>> {
  const candidates = documents.flatMap((document) => {
    const state = mapRaw(mapping, document.target, document.raw)
    return state.kind === 'mapped' ? [state.rows] : []
  })
  const clashing = new Set<string>()
  for (const index of await readUniqueIndexes(tx, mapping)) {
    const { holders, groups } = await findClashes(tx, index, candidates, [])
    for (const holder of holders) clashing.add(holder.wantedBy)
    for (const claim of groups.flat()) clashing.add(claim.entity)
  }
  return clashing
}
