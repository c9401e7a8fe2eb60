import { Double } from 'bson'
import {
  addNumbers,
  integerResult,
  type NumberType,
  numberType,
  toDouble,
  toInteger,
  widerType,
} from '../bson/number.ts'

/** A sum of numbers of all types that does not depend on the order in which they come. */
export interface ExactSum {
  add(value: unknown): void
  /** In the widest type that was added; an int past 32 bits is a long, a long past 64 bits a double. */
  result(): unknown
}

/**
 * Integers are added as such, decimals as decimals, and of doubles what rounding loses is kept beside the sum: ten
 * tenths are one.
 */
export function exactSum(): ExactSum {
  let type: NumberType = 'int'
  let integers = 0n
  let decimals: unknown
  const doubles = compensatedSum()
  return {
    add: (value) => {
      const added = numberType(value) ?? 'int'
      type = widerType(type, added)
      if (added === 'double') doubles.add(toDouble(value))
      else if (added === 'decimal') decimals = decimals === undefined ? value : addNumbers(decimals, value)
      else integers += toInteger(value) ?? 0n
    },
    result: () => {
      if (type === 'double') return new Double(doubles.total(integers))
      if (type !== 'decimal') return integerResult(integers, type) ?? new Double(Number(integers))
      const whole = integerResult(integers, 'long') ?? new Double(Number(integers))
      const withIntegers = integers === 0n ? decimals : addNumbers(decimals, whole)
      return doubles.isEmpty() ? withIntegers : addNumbers(withIntegers, new Double(doubles.total(0n)))
    },
  }
}

interface CompensatedSum {
  add(value: number): void
  isEmpty(): boolean
  total(integers: bigint): number
}

/** Knuth's two-sum: `sum + lost` is exact to about twice the digits of a double. */
function compensatedSum(): CompensatedSum {
  let pair: SumPair = { sum: 0, lost: 0 }
  let special = 0
  let empty = true
  return {
    add: (value) => {
      empty = false
      if (Number.isFinite(value)) pair = twoSum(pair, value)
      else special += value
    },
    isEmpty: () => empty,
    total: (integers) => {
      if (special !== 0) return special
      const { sum, lost } = integers === 0n ? pair : withIntegers(pair, integers)
      return Number.isFinite(sum) ? sum + lost : sum
    },
  }
}

interface SumPair {
  readonly sum: number
  readonly lost: number
}

function twoSum({ sum, lost }: SumPair, value: number): SumPair {
  const next = sum + value
  const part = next - sum
  return { sum: next, lost: lost + (sum - (next - part) + (value - part)) }
}

/** An integer of 64 bits in two doubles. */
function withIntegers(pair: SumPair, integers: bigint): SumPair {
  const high = Number(integers)
  return twoSum(twoSum(pair, high), Number(integers - BigInt(high)))
}
