import { Double } from 'bson'
import { numberType, toDouble } from '../../bson/number.ts'
import { isNumber } from '../../bson/value-type.ts'
import { notSupported } from '../../server-error.ts'
import type { Accumulator } from '../accumulators.ts'

/** The covariance of pairs of numbers, without a second pass; other pairs do not count. */
export function covariance(name: '$covariancePop' | '$covarianceSamp'): Accumulator {
  let count = 0
  let meanX = 0
  let meanY = 0
  let products = 0
  return {
    add: (pair) => {
      const [left, right] = Array.isArray(pair) && pair.length === 2 ? pair : [undefined, undefined]
      if (!isNumber(left) || !isNumber(right)) return
      if (numberType(left) === 'decimal' || numberType(right) === 'decimal') {
        throw notSupported(`${name} of a Decimal128`)
      }
      const [x, y] = [toDouble(left), toDouble(right)]
      count++
      const distance = x - meanX
      meanX += distance / count
      meanY += (y - meanY) / count
      products += distance * (y - meanY)
    },
    result: () => {
      const divisor = name === '$covarianceSamp' ? count - 1 : count
      return divisor <= 0 ? null : new Double(products / divisor)
    },
  }
}
