const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,5}))?$/i

/**
 * The one spelling of a decimal number: `1e-7` as `0.0000001`, `1.50` as `1.5`. Null for what is none (NaN, words).
 * Doubles and decimals are written with an exponent where they are small or large.
 */
export function plainDecimal(text: string): string | null {
  const match = DECIMAL.exec(text)
  if (match === null) return null
  const [, sign, whole = '', fraction = '', power = '0'] = match
  const digits = whole + fraction
  const point = whole.length + Number(power)
  const before = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0')
  const after = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point)
  const integer = before.replace(/^0+/, '') || '0'
  const decimals = after.replace(/0+$/, '')
  const plain = decimals === '' ? integer : `${integer}.${decimals}`
  return sign === '-' && plain !== '0' ? `-${plain}` : plain
}
