import type { ChangeExtras, ChangeRecord, ChangeSubject } from './change-record.ts'
import type { KeptDocument } from './kept-bytes.ts'

export const BLOCK_LENGTH = 1024

/**
 * A run of changes, stored in columns: an object for each would take more memory than a small document. Most changes are
 * inserts and need no more than their times, their document and a subject that they share.
 */
export class ChangeBlock {
  readonly #times = new BigUint64Array(BLOCK_LENGTH)
  readonly #parts = new Uint32Array(BLOCK_LENGTH)
  readonly #walls = new Float64Array(BLOCK_LENGTH)
  readonly #tellsState = new Uint8Array(BLOCK_LENGTH)
  readonly #subjects: Array<ChangeSubject | undefined> = []
  readonly #keys: Array<KeptDocument | undefined> = []
  readonly #extras = new Map<number, ChangeExtras>()
  #length = 0

  get length(): number {
    return this.#length
  }

  push({ time, part, wall, key, raw, type, ns, uuid, ...extras }: ChangeRecord): void {
    const at = this.#length++
    this.#times[at] = time
    this.#parts[at] = part
    this.#walls[at] = wall.getTime()
    // The new state, where there is one, also has the `_id`.
    this.#tellsState[at] = Number(raw !== undefined && raw !== null)
    this.#keys.push(raw ?? key)
    this.#subjects.push(this.#shared(type, ns, uuid))
    if (Object.values(extras).some((extra) => extra !== undefined && extra !== null))
      this.#extras.set(at, extras)
  }

  at(at: number): ChangeRecord {
    const subject = this.#subjects[at]
    if (subject === undefined) throw new RangeError(`There is no change at ${at} any more`)
    const key = this.#keys[at]
    return {
      ...subject,
      ...this.#extras.get(at),
      time: this.timeAt(at),
      part: this.#parts[at] as number,
      wall: new Date(this.#walls[at] as number),
      key,
      raw: this.#tellsState[at] === 1 ? key : null,
    }
  }

  timeAt(at: number): bigint {
    return this.#times[at] as bigint
  }

  /** Whether the change there comes before this time and part. */
  isBefore(at: number, time: bigint, part: number): boolean {
    const here = this.timeAt(at)
    return here < time || (here === time && (this.#parts[at] as number) < part)
  }

  /** Takes the newest change back. */
  pop(): void {
    this.#length--
    this.#subjects.pop()
    this.#keys.pop()
    this.#extras.delete(this.#length)
  }

  /** Lets go of what a change that is gone refers to. */
  forget(at: number): void {
    this.#subjects[at] = undefined
    this.#keys[at] = undefined
    this.#extras.delete(at)
  }

  #shared(type: ChangeSubject['type'], ns: string, uuid: ChangeSubject['uuid']): ChangeSubject {
    const last = this.#subjects.at(-1)
    return last?.type === type && last.ns === ns && last.uuid === uuid ? last : { type, ns, uuid }
  }
}
