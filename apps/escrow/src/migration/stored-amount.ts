import { Types } from 'mongoose'
import { type Amount, readAmount } from '../platform/money.ts'

/** The digits that a Decimal128 holds. */
const DECIMAL_DIGITS = 34

/**
 * How an amount is written into a document: as the number that the old system wrote where a double gives exactly this
 * decimal back, else as Decimal128, and past its 34 digits as text. The mapping's default form is the same.
 */
export function storedAmount(amount: Amount): number | Types.Decimal128 | string {
  const double = Number(amount)
  if (readAmount(String(double)) === amount) return double
  const digits = amount.replace(/[-.]/g, '').replace(/^0+/, '').length
  return digits > DECIMAL_DIGITS ? amount : Types.Decimal128.fromString(amount)
}

/** The same for what may be absent. */
export function storedAmountOrNull(amount: Amount | null) {
  return amount === null ? null : storedAmount(amount)
}
