const BLOCK = 512

/** Tells on which side of a place an item lies: negative before it, positive behind it, 0 at it. */
export type Place<T> = (item: T) => number

/**
 * Items in order, in blocks of bounded size: look-up and change cost the logarithm of the length, and appending at
 * the end, which time-ordered `_id`s do, costs one comparison.
 */
export class SortedList<T> {
  #blocks: T[][] = []
  #size = 0
  readonly #compare: (a: T, b: T) => number

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#size
  }

  /** Adds the item, unless one that compares equal is there. */
  add(item: T): boolean {
    const last = this.#blocks.at(-1)
    const greatest = last?.at(-1)
    if (last === undefined || greatest === undefined) {
      this.#blocks = [[item]]
      this.#size = 1
      return true
    }
    if (this.#compare(item, greatest) > 0) {
      this.#append(last, item)
      return true
    }
    return this.#insert(item)
  }

  delete(item: T): boolean {
    const at = this.#locate((other) => this.#compare(other, item))
    const block = this.#blocks[at.block]
    const found = block?.[at.offset]
    if (block === undefined || found === undefined || this.#compare(found, item) !== 0) return false
    block.splice(at.offset, 1)
    if (block.length === 0) this.#blocks.splice(at.block, 1)
    this.#size--
    return true
  }

  /** An item at the place, where there is at most one. */
  find(place: Place<T>): T | undefined {
    const at = this.#locate(place)
    const found = this.#blocks[at.block]?.[at.offset]
    return found !== undefined && place(found) === 0 ? found : undefined
  }

  /** The items that are neither before `from` nor behind `to`, in order or in reverse. Not to be changed meanwhile. */
  *range(from: Place<T>, to: Place<T>, reverse = false): Generator<T> {
    if (reverse) yield* this.#backwards(from, to)
    else yield* this.#forwards(from, to)
  }

  *[Symbol.iterator](): Generator<T> {
    for (const block of this.#blocks) yield* block
  }

  *backwards(): Generator<T> {
    for (const block of this.#blocks.toReversed()) yield* block.toReversed()
  }

  *#forwards(from: Place<T>, to: Place<T>): Generator<T> {
    let { block, offset } = this.#locate(from)
    for (; block < this.#blocks.length; block++, offset = 0) {
      const items = this.#blocks[block] ?? []
      for (; offset < items.length; offset++) {
        const item = items[offset] as T
        if (to(item) > 0) return
        yield item
      }
    }
  }

  *#backwards(from: Place<T>, to: Place<T>): Generator<T> {
    // The first item behind `to`; what lies before it is in range until `from` is passed.
    let { block, offset } = this.#locate((item) => (to(item) > 0 ? 0 : -1))
    offset--
    for (; block >= 0; block--, offset = (this.#blocks[block]?.length ?? 0) - 1) {
      const items = this.#blocks[block] ?? []
      for (; offset >= 0; offset--) {
        const item = items[offset] as T
        if (from(item) < 0) return
        yield item
      }
    }
  }

  #append(last: T[], item: T): void {
    if (last.length < BLOCK) last.push(item)
    else this.#blocks.push([item])
    this.#size++
  }

  #insert(item: T): boolean {
    const at = this.#locate((other) => this.#compare(other, item))
    const block = this.#blocks[at.block]
    if (block === undefined) throw new Error('A place before the greatest item lies in some block')
    const found = block[at.offset]
    if (found !== undefined && this.#compare(found, item) === 0) return false
    block.splice(at.offset, 0, item)
    this.#size++
    if (block.length > BLOCK) this.#blocks.splice(at.block + 1, 0, block.splice(BLOCK / 2))
    return true
  }

  /** The first position whose item is not before the place. */
  #locate(place: Place<T>): { block: number; offset: number } {
    const block = firstWhere(this.#blocks, (items) => place(items.at(-1) as T) >= 0)
    const items = this.#blocks[block]
    return { block, offset: items === undefined ? 0 : firstWhere(items, (item) => place(item) >= 0) }
  }
}

/** Binary search: the first position for which the condition holds, given that it then holds for all behind it. */
function firstWhere<T>(items: T[], condition: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (condition(items[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
