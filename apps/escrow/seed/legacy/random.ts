import { ObjectId } from 'bson'

/** Random choices that a seed determines: the same seed makes the same documents. */
export interface Random {
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  hex(digits: number): string
}

/** mulberry32: small, and good enough to look like life. */
export function seededRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    return mix(state) / 4_294_967_296
  }
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    int,
    hex: (digits) => {
      let text = ''
      while (text.length < digits)
        text += Math.floor(next() * 4_294_967_296)
          .toString(16)
          .padStart(8, '0')
      return text.slice(0, digits)
    },
    chance: (probability) => next() < probability,
    pick: (from) => {
      const picked = from[int(0, from.length - 1)]
      if (picked === undefined) throw new RangeError('nothing to pick from')
      return picked
    },
  }
}

/** A number that stands for one thing of one seed: what is random about it needs no thing before it. */
export function hashOf(seed: number, what: string, index: number): number {
  let hash = mix((seed ^ 0x85ebca6b) >>> 0)
  for (let i = 0; i < what.length; i += 1) hash = Math.imul(hash ^ what.charCodeAt(i), 0x01000193) >>> 0
  return mix((hash ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0)
}

/** The ObjectId of the `index`th thing of a kind, made at a time: everybody who refers to it computes it alike. */
export function idOf(seed: number, what: string, index: number, at: number): ObjectId {
  const first = hashOf(seed, what, index)
  const second = hashOf(first, what, index)
  return ObjectId.createFromHexString(hex8(Math.floor(at / 1000)) + hex8(first) + hex8(second))
}

function mix(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return (mixed ^ (mixed >>> 14)) >>> 0
}

const hex8 = (value: number) => value.toString(16).padStart(8, '0')
