import { BLOCK_LENGTH, ChangeBlock } from './change-block.ts'
import type { ChangeRecord } from './change-record.ts'
import type { ClusterTime } from './cluster-clock.ts'
import { type KeptDocument, lengthOf } from './kept-bytes.ts'

/** A rough weight of what a change holds beside its bytes. */
const CHANGE_WEIGHT = 200

/** The recent changes, in order, up to a number of bytes. Readers see only what is kept in the file. */
export class Oplog {
  readonly #limit: number
  #blocks: ChangeBlock[] = []
  /** The number of the first change of the first block, and of the first that is still here; numbers only grow. */
  #blocksFrom = 0
  #first = 0
  #published = 0
  #weight = 0
  /** The time of the newest change that was trimmed. */
  #trimmed: ClusterTime = 0n
  readonly #waiting = new Set<() => void>()

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  /** Nothing from before this time was ever here; counts for a log that has no change yet. */
  beginsAt(time: ClusterTime): void {
    if (this.end === 0 && this.#trimmed === 0n) this.#trimmed = time - 1n
  }

  push(change: ChangeRecord): void {
    let block = this.#blocks.at(-1)
    if (block === undefined || block.length === BLOCK_LENGTH) {
      block = new ChangeBlock()
      this.#blocks.push(block)
    }
    block.push(change)
    this.#weight += weightOf(change)
    while (this.#weight > this.#limit && this.#first < this.end - 1) this.#trimOne()
  }

  /** Takes back what happened after a time and what no reader has seen. Its numbers are given again. */
  undoAfter(time: ClusterTime): void {
    for (let block = this.#blocks.at(-1); block !== undefined; block = this.#blocks.at(-1)) {
      const at = block.length - 1
      if (this.end <= this.#first || block.timeAt(at) <= time) return
      this.#weight -= weightOf(block.at(at))
      block.pop()
      if (block.length > 0) continue
      // The number of the next change is counted from the blocks that are there.
      if (this.#blocks.length === 1) return
      this.#blocks.pop()
    }
  }

  /** What was pushed before this number is kept in the file: readers may see it. */
  publish(before = this.end): void {
    if (before > this.#published) this.#published = before
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }

  /** The number that the next change will get. */
  get end(): number {
    const last = this.#blocks.at(-1)
    return last === undefined ? 0 : this.#blocksFrom + (this.#blocks.length - 1) * BLOCK_LENGTH + last.length
  }

  get published(): number {
    return this.#published
  }

  get trimmedUpTo(): ClusterTime {
    return this.#trimmed
  }

  get oldestTime(): ClusterTime | undefined {
    if (this.#first === this.end) return undefined
    const { block, at } = this.#placeOf(this.#first)
    return block.timeAt(at)
  }

  /** The change of that number if readers may see it; `trimmed` if it is gone. */
  at(number: number): ChangeRecord | 'trimmed' | undefined {
    if (number < this.#first) return 'trimmed'
    if (number >= this.#published) return undefined
    const { block, at } = this.#placeOf(number)
    return block.at(at)
  }

  /** The number of the first change that is not before this time and part. */
  locate(time: ClusterTime, part: number): number {
    let low = this.#first
    let high = this.end
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const { block, at } = this.#placeOf(middle)
      if (block.isBefore(at, time, part)) low = middle + 1
      else high = middle
    }
    return low
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

  #placeOf(number: number): { block: ChangeBlock; at: number } {
    const offset = number - this.#blocksFrom
    const block = this.#blocks[Math.floor(offset / BLOCK_LENGTH)]
    if (block === undefined) throw new RangeError(`The log has no change ${number}`)
    return { block, at: offset % BLOCK_LENGTH }
  }

  #trimOne(): void {
    const { block, at } = this.#placeOf(this.#first)
    const change = block.at(at)
    this.#weight -= weightOf(change)
    this.#trimmed = change.time
    this.#first++
    block.forget(at)
    if (at < BLOCK_LENGTH - 1) return
    this.#blocks.shift()
    this.#blocksFrom += BLOCK_LENGTH
  }
}

function weightOf({ raw, before }: ChangeRecord): number {
  return CHANGE_WEIGHT + weightOfDocument(raw) + weightOfDocument(before)
}

function weightOfDocument(document: KeptDocument | null | undefined): number {
  return document === null || document === undefined ? 0 : lengthOf(document)
}
