import { Double } from 'bson'
import { toDouble } from '../bson/number.ts'
import { isNumber } from '../bson/value-type.ts'
import type { Accumulator } from './accumulators.ts'

/**
 * The standard deviation of the numbers, always a double, without a second pass (Welford). `$stdDevSamp` divides by one
 * less than the count, and is null of a single number.
 */
export function standardDeviation(sample: boolean): Accumulator {
  let count = 0
  let mean = 0
  let squares = 0
  return {
    add: (value) => {
      if (!isNumber(value)) return
      const x = toDouble(value)
      count++
      const distance = x - mean
      mean += distance / count
      squares += distance * (x - mean)
    },
    result: () => {
      const divisor = sample ? count - 1 : count
      return divisor <= 0 ? null : new Double(Math.sqrt(squares / divisor))
    },
  }
}
