import { numericValue } from './number.ts'
import { isNumber } from './value-type.ts'

/** MongoDB's idea of true: everything except false, null, no value and the number zero. */
export function isTrue(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false
  if (typeof value === 'object' || typeof value === 'number' || typeof value === 'bigint') {
    if (!isNumber(value)) return true
    const numeric = numericValue(value)
    return typeof numeric === 'object' ? numeric.coefficient !== 0n : Number(numeric) !== 0
  }
  return true
}
