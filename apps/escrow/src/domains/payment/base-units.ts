import { type Amount, parseAmount } from '../../platform/money.ts'

/** The amount of `units` base units of a token: `1500000` of 6 decimals is `1.5`. */
export function amountOfBaseUnits(units: string, decimals: number): Amount {
  const digits = units.padStart(decimals + 1, '0')
  const point = digits.length - decimals
  return parseAmount(decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`)
}

/** The base units of an amount, or null where the token cannot express it. */
export function baseUnitsOf(amount: Amount, decimals: number): string | null {
  const [whole = '0', fraction = ''] = amount.split('.')
  if (fraction.length > decimals) return null
  return BigInt(whole + fraction.padEnd(decimals, '0')).toString()
}
