import { serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import type { KeptDocument } from '../storage/kept-bytes.ts'
import type { Oplog } from '../storage/oplog.ts'
import type { Batch } from './batch.ts'
import type { CursorSource } from './cursor-registry.ts'

export interface TailableOptions {
  /** Wait a while at the end of the collection, instead of answering with an empty batch at once. */
  readonly awaitsData: boolean
  /** The document as the client gets it, or undefined if it does not match. */
  readonly read: (document: KeptDocument) => Uint8Array | undefined
}

/** Follows a capped collection in the order of insertion, and stays open at its end. */
export class TailableSource implements CursorSource {
  readonly isChangeStream = false
  readonly awaitsData: boolean
  /** A cursor on an empty collection has nothing to hold on to: it ends at once. */
  readonly exhausted: boolean
  readonly #collection: Collection
  readonly #oplog: Oplog
  readonly #read: TailableOptions['read']
  /** The number of the last record looked at. */
  #last = 0

  constructor(collection: Collection, oplog: Oplog, { awaitsData, read }: TailableOptions) {
    this.#collection = collection
    this.#oplog = oplog
    this.#read = read
    this.awaitsData = awaitsData
    this.exhausted = collection.count === 0
  }

  async next(limit: number, waitMs: number, signal: AbortSignal): Promise<Batch> {
    const until = AbortSignal.any([signal, AbortSignal.timeout(waitMs)])
    let documents = this.#pull(limit)
    while (documents.length === 0 && this.awaitsData && waitMs > 0 && limit > 0 && !until.aborted) {
      await this.#oplog.changed(until)
      documents = this.#pull(limit)
    }
    return { documents, fields: {} }
  }

  #pull(limit: number): Uint8Array[] {
    this.#assertPlace()
    const batch: Uint8Array[] = []
    if (limit === 0) return batch
    for (const { number, document } of this.#collection.recordsAfter(this.#last)) {
      // Removed, and only kept for those who look at the past.
      if (document === null) continue
      this.#last = number
      const bytes = this.#read(document)
      if (bytes !== undefined) batch.push(bytes)
      if (batch.length >= limit) break
    }
    return batch
  }

  /** Where the record of the cursor's place is gone, others may be gone too that were never told. */
  #assertPlace(): void {
    if (this.#last === 0) return
    const [record] = this.#collection.recordsAfter(this.#last - 1)
    if (record?.number === this.#last && record.document !== null) return
    throw serverError(
      136,
      'CappedPositionLost',
      'CollectionScan died due to position in capped collection being deleted.',
    )
  }
}
