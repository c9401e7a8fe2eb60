import type { PoolClient } from 'pg'
import { errorCodes, LandbridgeError } from '../errors.ts'
import type { CopyEncoder } from '../mapping/compile/copy-encoder.ts'
import type { Mapping } from '../mapping/types.ts'
import { deleteEntities } from '../target/entities.ts'
import type { RowFilter } from '../target/ignored-columns.ts'
import { showsSomethingNew } from '../verify/document-shape.ts'
import type { ChunkDocument } from './chunk-documents.ts'
import { findDifferentRows } from './compare-bytes.ts'
import type { LoadResult } from './load-documents.ts'
import { readBack, sampleOf } from './read-back.ts'

/** So many wrong documents in one chunk are a fault of the encoding, not of a document. */
const MAX_READ_BACK_FAULTS = 10
/** Every so many documents are read back whole, also where the bytes of all are compared, and where nothing is. */
const STEP = 100
/** So many of a collection's first chunk, because a fault of the encoder should show early. */
const FIRST_CHUNK_WHOLE = 1_000

export interface CopiedDocuments {
  documents: readonly ChunkDocument[]
  loaded: LoadResult
  /** The rows of the range. */
  filter: RowFilter | undefined
  /**
   * `inline`: every row is compared with what was sent, to the byte; documents whose rows differ, the first with
   * each path and type, and a sample, are read back and compared field by field. `first`: the same with a large sample. `later`: a
   * sample alone.
   */
  compare: 'first' | 'inline' | 'later'
  encoder: CopyEncoder
}

/**
 * A few documents that do not come back are taken out again and wait in quarantine, because one document must not
 * stop a collection; many are a fault of the encoder, and the chunk fails.
 */
export async function compareCopied(
  tx: PoolClient,
  mapping: Mapping,
  copied: CopiedDocuments,
): Promise<void> {
  const { loaded } = copied
  const documents =
    loaded.refused.size + loaded.clashing.size === 0
      ? copied.documents
      : copied.documents.filter(
          ({ target }) => !loaded.refused.has(target.key) && !loaded.clashing.has(target.key),
        )
  const faults = await readBack(tx, mapping, await withDoubt(tx, mapping, copied, documents))
  const places = faults.map((fault) => fault.differences[0]?.path ?? '')
  if (faults.length > MAX_READ_BACK_FAULTS) {
    throw encodingFault(
      mapping,
      `${faults.length} documents came back different, the first at "${places[0]}"`,
    )
  }
  const ids = faults.flatMap((fault) => fault.document.target.entity ?? [])
  if (!mapping.appendOnly && ids.length > 0) await deleteEntities(tx, mapping, ids)
  for (const [i, { document }] of faults.entries()) {
    loaded.refused.set(document.target.key, {
      kind: 'refused',
      target: document.target,
      raw: document.raw,
      refusal: {
        path: places[i] ?? '',
        code: 'read-back',
        reason: 'its rows, read back, do not give the document again: a fault of the mapping',
        valueType: 'document',
      },
    })
  }
}

/** Documents that are to be read back whole. */
async function withDoubt(
  tx: PoolClient,
  mapping: Mapping,
  { loaded, filter, compare, encoder }: CopiedDocuments,
  documents: readonly ChunkDocument[],
): Promise<readonly ChunkDocument[]> {
  if (compare === 'later') return sampleOf(documents, STEP)
  // Rows of ids from the id map stand in another order than their documents; such collections are small.
  const hasBytes = mapping.identity === 'object-id' && filter !== undefined && loaded.payloads !== undefined
  if (!hasBytes || loaded.payloads === undefined) return documents
  const different = await findDifferentRows(tx, mapping, filter, loaded.payloads)
  const shapes = shapesSeenBy(encoder)
  const step = compare === 'first' ? Math.ceil(documents.length / FIRST_CHUNK_WHOLE) : STEP
  const doubted = documents.filter((document, i) => {
    const isDifferent = different.size > 0 && different.delete(document.target.entity ?? '')
    return showsSomethingNew(shapes, document.raw) || isDifferent || i % step === 0
  })
  if (different.size > 0) {
    throw encodingFault(mapping, `rows of ${different.size} entities are there that nobody has sent`)
  }
  return doubted
}

const shapesSeen = new WeakMap<CopyEncoder, Set<number>>()

/** Paths and types that the encoder has been proved right with. */
function shapesSeenBy(encoder: CopyEncoder): Set<number> {
  const seen = shapesSeen.get(encoder) ?? new Set()
  shapesSeen.set(encoder, seen)
  return seen
}

function encodingFault(mapping: Mapping, what: string): LandbridgeError {
  return new LandbridgeError(
    errorCodes.mapping,
    `a chunk of "${mapping.collection}" did not come back as it was sent and was not committed: ${what}. The mapping or its encoder is wrong; run its laws on this document`,
    { detail: { collection: mapping.collection } },
  )
}
