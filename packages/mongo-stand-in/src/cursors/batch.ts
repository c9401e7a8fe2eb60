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

/** A result that is complete: later changes of the collection do not touch it. */
export class ResultSource implements CursorSource {
  readonly isChangeStream = false
  readonly awaitsData = false
  readonly #documents: Uint8Array[]
  readonly #fields: Document
  #at = 0

  constructor(documents: Uint8Array[], fields: Document = {}) {
    this.#documents = documents
    this.#fields = fields
  }

  get exhausted(): boolean {
    return this.#at >= this.#documents.length
  }

  next(limit: number): Promise<Batch> {
    const from = this.#at
    let bytes = 0
    while (this.#at < this.#documents.length && this.#at - from < limit) {
      bytes += this.#documents[this.#at]?.length ?? 0
      // One document always goes, however large.
      if (bytes > MAX_BATCH_BYTES && this.#at > from) break
      this.#at++
    }
    return Promise.resolve({ documents: this.#documents.slice(from, this.#at), fields: this.#fields })
  }
}
