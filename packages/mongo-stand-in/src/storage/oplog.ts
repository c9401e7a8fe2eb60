import type { Document, Long, UUID } from 'bson'
import type { ClusterTime } from './cluster-clock.ts'
import type { CatalogChange } from './log-entry.ts'
import type { WriteKind } from './write-unit.ts'

/** One thing that happened, as change streams need it. Several of one time, which a transaction has, differ in `part`. */
export interface ChangeRecord {
  readonly time: ClusterTime
  readonly part: number
  readonly wall: Date
  readonly type: WriteKind | CatalogChange
  readonly ns: string
  readonly uuid: UUID | undefined
  readonly id?: unknown
  readonly raw?: Uint8Array | null
  readonly before?: Uint8Array | null
  readonly description?: Document | null
  /** Of a multi-document transaction only: retryable writes do not show theirs, as on a mongod. */
  readonly transaction?: { readonly lsid: Document; readonly txnNumber: Long }
  /** What a catalog change did. */
  readonly detail?: Document
}

/** A rough weight of what a record holds beside its bytes. */
const RECORD_WEIGHT = 200

/** The recent changes, in order, up to a number of bytes. Readers see only what is kept in the file. */
export class Oplog {
  readonly #limit: number
  #records: ChangeRecord[] = []
  /** The number of the first record that is still here; numbers only grow. */
  #first = 0
  #published = 0
  #weight = 0
  /** The time of the newest record that was trimmed. */
  #trimmed: ClusterTime = 0n
  readonly #waiting = new Set<() => void>()

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  /** Nothing from before this time was ever here; counts for a log that has no record yet. */
  beginsAt(time: ClusterTime): void {
    if (this.end === 0 && this.#trimmed === 0n) this.#trimmed = time - 1n
  }

  push(record: ChangeRecord): void {
    this.#records.push(record)
    this.#weight += weightOf(record)
    if (this.#weight > this.#limit) this.#trim()
  }

  /** What was pushed before this number is kept in the file: readers may see it. */
  publish(before = this.end): void {
    if (before > this.#published) this.#published = before
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }

  /** The number that the next record will get. */
  get end(): number {
    return this.#first + this.#records.length
  }

  get published(): number {
    return this.#published
  }

  get trimmedUpTo(): ClusterTime {
    return this.#trimmed
  }

  get oldestTime(): ClusterTime | undefined {
    return this.#records[0]?.time
  }

  /** The record of that number if readers may see it; `trimmed` if it is gone. */
  at(number: number): ChangeRecord | 'trimmed' | undefined {
    if (number < this.#first) return 'trimmed'
    return number < this.#published ? this.#records[number - this.#first] : undefined
  }

  /** The number of the first record that is not before this time and part. */
  locate(time: ClusterTime, part: number): number {
    let low = 0
    let high = this.#records.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const record = this.#records[middle] as ChangeRecord
      if (record.time < time || (record.time === time && record.part < part)) low = middle + 1
      else high = middle
    }
    return this.#first + low
  }

  /** Settles when something new is published or the signal fires. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      if (signal.aborted) return resolve()
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  #trim(): void {
    let count = 0
    // A tenth at once, so that the array is not moved at every write.
    while (this.#weight > this.#limit * 0.9 && count < this.#records.length - 1) {
      this.#weight -= weightOf(this.#records[count++] as ChangeRecord)
    }
    if (count === 0) return
    this.#trimmed = this.#records[count - 1]?.time ?? this.#trimmed
    this.#records.splice(0, count)
    this.#first += count
  }
}

function weightOf(record: ChangeRecord): number {
  return RECORD_WEIGHT + (record.raw?.length ?? 0) + (record.before?.length ?? 0)
}
