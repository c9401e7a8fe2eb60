import type { PoolClient } from 'pg'
import type { CopyEncoder } from '../mapping/compile/copy-encoder.ts'
import { MappingError } from '../mapping/mapping-error.ts'
import type { Mapping } from '../mapping/types.ts'
import type { MirrorTarget } from '../mirror/mirror-target.ts'
import { refusalOf } from '../mirror/refusal-of-fault.ts'
import { mapRaw, type Refusal, type SourceState } from '../mirror/source-state.ts'
import { findClashes } from '../mirror/unique-clashes.ts'
import { readUniqueIndexes } from '../mirror/unique-indexes.ts'
import { copyBinary } from '../target/copy.ts'
import { databaseFault, isDataFault, isValueTaken } from '../target/sql-state.ts'

/** A document of a chunk. */
export interface ChunkDocument {
  target: MirrorTarget
  raw: Uint8Array
}

/** What became of documents, by the target's key; whoever is in neither map has been copied. */
export interface LoadResult {
  refused: Map<string, Extract<SourceState, { kind: 'refused' }>>
  /** Documents that want a unique value which another one has or wants: a gap first, never quarantine (A12). */
  clashing: Map<string, ChunkDocument>
  /** Rows that COPY has taken, by table. */
  rows: Map<string, number>
}

/**
 * Copies documents whose rows are known to be absent. What Postgres refuses is halved until the document at fault
 * stands alone; all of it happens inside the caller's transaction, under one lock and with one read of the source.
 */
export async function loadDocuments(
  tx: PoolClient,
  mapping: Mapping,
  encoder: CopyEncoder,
  documents: readonly ChunkDocument[],
): Promise<LoadResult> {
  const result: LoadResult = { refused: new Map(), clashing: new Map(), rows: new Map() }
  await load({ tx, mapping, encoder, result }, documents)
  return result
}

interface Loading {
  tx: PoolClient
  mapping: Mapping
  encoder: CopyEncoder
  result: LoadResult
}

async function load(loading: Loading, documents: readonly ChunkDocument[]): Promise<void> {
  const { tx, result } = loading
  const encoded = encodeAll(loading, documents)
  if (encoded.length === 0) return
  await tx.query('savepoint load')
  try {
    const rows = await sendPayloads(tx, loading.encoder)
    await tx.query('release savepoint load')
    for (const [table, count] of rows) result.rows.set(table, (result.rows.get(table) ?? 0) + count)
  } catch (error) {
    if (!isDataFault(error)) throw error
    await tx.query('rollback to savepoint load')
    await loadWithout(loading, encoded, error)
  }
}

/** Encodes what can be mapped; what cannot is noted and left out. */
function encodeAll(loading: Loading, documents: readonly ChunkDocument[]): ChunkDocument[] {
  const { mapping, encoder, result } = loading
  encoder.reset()
  return documents.filter((document) => {
    if (takesTheStraightWay(loading, document)) return true
    const state = encodeMapped(loading, mapRaw(mapping, document.target, document.raw))
    if (state.kind === 'refused') result.refused.set(document.target.key, state)
    return state.kind === 'mapped'
  })
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

function takesTheStraightWay({ encoder }: Loading, { target, raw }: ChunkDocument): boolean {
  return target.entity !== undefined && encoder.encode(raw, target.entity) === 'encoded'
}

async function sendPayloads(tx: PoolClient, encoder: CopyEncoder): Promise<[string, number][]> {
  const sent: [string, number][] = []
  for (const part of encoder.finish()) {
    if (part.rows === 0) continue
    const table = { name: part.table, schema: part.schema }
    sent.push([part.table, await copyBinary(tx, table, part.columns, part.payload)])
  }
  return sent
}

async function loadWithout(
  loading: Loading,
  documents: readonly ChunkDocument[],
  error: unknown,
): Promise<void> {
  const [first] = documents
  if (documents.length === 1 && first !== undefined) {
    setAside(loading, first, error)
    return
  }
  if (isValueTaken(error)) {
    const clashing = await findClashing(loading, documents)
    if (clashing.size > 0) {
      for (const document of documents) {
        if (clashing.has(document.target.entity ?? ''))
          loading.result.clashing.set(document.target.key, document)
      }
      return load(
        loading,
        documents.filter((document) => !clashing.has(document.target.entity ?? '')),
      )
    }
  }
  const middle = Math.ceil(documents.length / 2)
  await load(loading, documents.slice(0, middle))
  await load(loading, documents.slice(middle))
}

function setAside({ result }: Loading, document: ChunkDocument, error: unknown): void {
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
async function findClashing(loading: Loading, documents: readonly ChunkDocument[]): Promise<Set<string>> {
  const { tx, mapping } = loading
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
