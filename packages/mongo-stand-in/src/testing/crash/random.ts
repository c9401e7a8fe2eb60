/** A source of chance that a seed makes repeatable. */
export interface Random {
  /** A whole number from 0 to below the limit. */
  below(limit: number): number
  pick<T>(items: readonly T[]): T
}

/** mulberry32: small, and good enough to spread moments and choices. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('There is nothing to pick from')
      return items[below(items.length)] as (typeof items)[number]
    },
  }
}
