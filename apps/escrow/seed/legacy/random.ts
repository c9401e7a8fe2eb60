import { ObjectId } from 'bson'

/** Random choices that a seed determines: the same seed makes the same documents. */
export interface Random {
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  hex(digits: number): string
  /** A point in time within the two years before the newest. */
  date(): Date
  /** An ObjectId whose time is the given one. */
  objectId(at: Date): ObjectId
}

const newest = Date.UTC(2026, 5, 1)
const twoYears = 2 * 365 * 86_400_000

/** mulberry32: small, and good enough to look like life. */
export function seededRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  const hex = (digits: number) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join('')
  return {
    int,
    hex,
    chance: (probability) => next() < probability,
    pick: (from) => {
      const picked = from[int(0, from.length - 1)]
      if (picked === undefined) throw new RangeError('nothing to pick from')
      return picked
    },
    date: () => new Date(newest - Math.floor(next() * twoYears)),
    objectId: (at) =>
      ObjectId.createFromHexString(
        Math.floor(at.getTime() / 1000)
          .toString(16)
          .padStart(8, '0') + hex(16),
      ),
  }
}
