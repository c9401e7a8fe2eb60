import type { ChunkBounds } from '../backfill/chunk-bounds.ts'
import type { SourceDocument } from './read-documents.ts'

/** How large a chunk may be: whichever of the two is reached first. */
export interface ChunkLimits {
  documents: number
  bytes: number
}

/** Where a range of `_id` is to be cut. */
export interface Cuts {
  /** Ascending bounds, all above the range's lower end. */
  cuts: unknown[]
  /** No further cut is needed behind the last one. */
  end: boolean
  /** There is no document in the range at all. */
  empty: boolean
}

/** What a range holds. */
export interface ChunkRead {
  /** In the order of `_id`. */
  documents: SourceDocument[]
  /** The range held more than its limits: only what lies below this `_id` has been read. */
  cutAt?: unknown
}

/**
 * Where the documents of one collection come from. A chunk is the same range of `_id` whichever source it is copied
 * from, so the sources must agree on the order of ids of all types and mixtures.
 */
export interface ChunkSource {
  /**
   * Set for a source that is old: the cluster time at or before which it was begun. Chunks from it are `dumped`, and
   * not done before everything that has changed since then has been mirrored.
   */
  readonly dumpTime?: bigint
  /** Up to `count` cuts of the range, so that no chunk is larger than the limits (as far as the source can tell). */
  cuts(bounds: ChunkBounds, limits: ChunkLimits, count: number): Promise<Cuts>
  /**
   * The documents of a range, at least one of them if there is any. Called under the chunk's lock. `purpose` is for
   * whoever reads the source's logs.
   */
  read(bounds: ChunkBounds, limits: ChunkLimits, purpose: string): Promise<ChunkRead>
}
