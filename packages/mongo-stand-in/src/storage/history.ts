import type { ClusterTime } from './cluster-clock.ts'
import type { Collection } from './collection.ts'
import { decodeKept } from './kept-bytes.ts'
import type { StoredRecord, Superseded } from './stored-record.ts'

interface OldState {
  readonly collection: Collection
  readonly record: StoredRecord
  readonly state: Superseded
}

/** Old states, in the order in which they were superseded, until no snapshot can need them any more. */
export class History {
  #states: OldState[] = []
  #horizon: ClusterTime = 0n

  /** Reads at times before this one miss a state that was forgotten. */
  get horizon(): ClusterTime {
    return this.#horizon
  }

  add(collection: Collection, record: StoredRecord, state: Superseded): void {
    this.#states.push({ collection, record, state })
  }

  /** What took the place of another state after that time is about to be undone: the older states stand again. */
  undoAfter(time: ClusterTime): void {
    this.#states = this.#states.filter(({ state }) => state.by.at <= time)
  }

  /** Forgets what nobody sees who reads at `oldest` or later. */
  prune(oldest: ClusterTime): void {
    let done = 0
    for (const { collection, record, state } of this.#states) {
      if (state.by.at > oldest) break
      done++
      this.#horizon = state.by.at
      state.by.previous = undefined
      if (state.document !== null && collection.indexes.size > 0)
        collection.release(record, decodeKept(state.document))
      collection.forgetIfEmpty(record)
    }
    if (done > 0) this.#states.splice(0, done)
  }
}
