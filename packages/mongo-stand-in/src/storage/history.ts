import { decodeDocument } from '../bson/decode.ts'
import type { ClusterTime } from './cluster-clock.ts'
import type { Collection } from './collection.ts'
import type { StoredRecord, Version } from './stored-record.ts'

interface Superseded {
  readonly collection: Collection
  readonly record: StoredRecord
  /** The version that took the place of its `previous`. */
  readonly by: Version
}

/** Old versions, in the order in which they were superseded, until no snapshot can need them any more. */
export class History {
  #superseded: Superseded[] = []
  #horizon: ClusterTime = 0n

  /** Reads at times before this one miss a version that was forgotten. */
  get horizon(): ClusterTime {
    return this.#horizon
  }

  add(collection: Collection, record: StoredRecord, by: Version): void {
    this.#superseded.push({ collection, record, by })
  }

  /** Forgets what nobody sees who reads at `oldest` or later. */
  prune(oldest: ClusterTime): void {
    let done = 0
    for (const { collection, record, by } of this.#superseded) {
      if (by.at > oldest) break
      done++
      this.#horizon = by.at
      const gone = by.previous
      by.previous = undefined
      if (gone?.raw) {
        if (collection.indexes.size > 0) collection.release(record, decodeDocument(gone.raw))
      }
      collection.forgetIfEmpty(record)
    }
    if (done > 0) this.#superseded.splice(0, done)
  }
}
