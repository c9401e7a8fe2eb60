import type { Document } from 'bson'
import type { CursorSource } from './cursor-registry.ts'

/** Documents for one reply, as the bytes that they are stored in. */
export interface Batch {
  readonly documents: Uint8Array[]
  /** Further fields of the reply's `cursor`: a change stream's position. */
  readonly fields: Document
}

/** A reply stays below the 16 MB of one document, with room for its frame. */
const MAX_BATCH_BYTES = 15 * 1024 * 1024

/**
 * A result that is complete: later changes of the collection do not touch it. What it is made of becomes bytes when its
 * batch is sent.
 */
export class ResultSource<T> implements CursorSource {
  readonly isChangeStream = false
  readonly awaitsData = false
  readonly #documents: readonly T[]
  readonly #toBytes: (document: T) => Uint8Array
  readonly #fields: Document
  #at = 0

  constructor(documents: readonly T[], toBytes: (document: T) => Uint8Array, fields: Document = {}) {
    this.#documents = documents
    this.#toBytes = toBytes
    this.#fields = fields
  }

  get exhausted(): boolean {
    return this.#at >= this.#documents.length
  }

  next(limit: number): Promise<Batch> {
    const batch: Uint8Array[] = []
    let size = 0
    while (this.#at < this.#documents.length && batch.length < limit) {
      const bytes = this.#toBytes(this.#documents[this.#at] as T)
      size += bytes.length
      // One document always goes, however large.
      if (size > MAX_BATCH_BYTES && batch.length > 0) break
      batch.push(bytes)
      this.#at++
    }
    return Promise.resolve({ documents: batch, fields: this.#fields })
  }
}
