import { z } from 'zod'
import { DomainError } from './errors.ts'

/** An exact decimal amount: no exponent, no leading plus, no trailing zeros, at most 20 + 18 digits. Never a JS number. */
export type Amount = string & { readonly __brand: 'Amount' }

const SCALE = 18
const UNIT = 10n ** BigInt(SCALE)
const LIMIT = 10n ** 38n
const DECIMAL = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?$/

export const zeroAmount = '0' as Amount

function scaled(text: string): bigint | null {
  const match = DECIMAL.exec(text)
  if (match === null) return null
  const [, sign, whole, rawFraction = ''] = match
  const fraction = rawFraction.replace(/0+$/, '')
  if (fraction.length > SCALE) return null
  const value = BigInt(`${whole}${fraction.padEnd(SCALE, '0')}`)
  if (value >= LIMIT) return null
  return sign === '-' ? -value : value
}

function textOf(value: bigint): Amount {
  if (value >= LIMIT || value <= -LIMIT) throw invalidAmount('a result past 20 whole digits')
  const magnitude = value < 0n ? -value : value
  const fraction = (magnitude % UNIT).toString().padStart(SCALE, '0').replace(/0+$/, '')
  const text = fraction === '' ? `${magnitude / UNIT}` : `${magnitude / UNIT}.${fraction}`
  return (value < 0n ? `-${text}` : text) as Amount
}

function exact(amount: Amount): bigint {
  const value = scaled(amount)
  if (value === null) throw invalidAmount(amount)
  return value
}

function invalidAmount(text: string): DomainError {
  return new DomainError({
    code: 'INVALID_AMOUNT',
    status: 400,
    title: 'Invalid amount',
    detail: `"${text.slice(0, 60)}" is not an exact amount. Send a decimal text such as "12.50" (at most 18 decimals).`,
  })
}

/** The canonical form of a decimal text, or null where it is not exactly an amount (exponent, 19 decimals, words). */
export function readAmount(text: string): Amount | null {
  const value = scaled(text)
  return value === null ? null : textOf(value)
}

/** As `readAmount`, but throws INVALID_AMOUNT. */
export function parseAmount(text: string): Amount {
  const amount = readAmount(text)
  if (amount === null) throw invalidAmount(text)
  return amount
}

export function addAmounts(...amounts: Amount[]): Amount {
  return textOf(amounts.reduce((sum, amount) => sum + exact(amount), 0n))
}

/** May be negative: whoever must not go below zero checks it. */
export function subtractAmounts(from: Amount, what: Amount): Amount {
  return textOf(exact(from) - exact(what))
}

/** Negative, zero or positive, as a comparator answers. */
export function compareAmounts(left: Amount, right: Amount): number {
  const difference = exact(left) - exact(right)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export function isPositive(amount: Amount): boolean {
  return exact(amount) > 0n
}

/** `amount` times `bps` hundredths of a percent, cut (never rounded up) at `decimals`, so that a fee never exceeds its rate. */
export function multiplyByRate(amount: Amount, bps: number, decimals: number = SCALE): Amount {
  if (!Number.isInteger(bps)) throw new RangeError(`A rate is a whole number of basis points, got ${bps}.`)
  const product = (exact(amount) * BigInt(bps)) / 10_000n
  const grain = 10n ** BigInt(SCALE - decimals)
  return textOf((product / grain) * grain)
}

/** `amount` taken `count` times. */
export function timesAmount(amount: Amount, count: number): Amount {
  return textOf(exact(amount) * BigInt(count))
}

/** The mean of amounts that sum up to `total`, cut (never rounded up) at 18 decimals. */
export function meanAmount(total: Amount, count: number): Amount {
  return textOf(exact(total) / BigInt(count))
}

/** Whole units of an amount, cut: the rate of points ("1 per whole unit of currency"). */
export function wholeUnits(amount: Amount): number {
  return Number(exact(amount) / UNIT)
}

/** Money in JSON is a string. A JSON number has already lost digits before anybody could see it, so it is refused. */
export const amountSchema = z
  .string({ error: 'Send the amount as a decimal string such as "12.50", not as a JSON number.' })
  .refine((text) => readAmount(text) !== null, {
    message: 'Not an exact decimal (no exponent, at most 20 whole digits and 18 decimals).',
  })
  .transform((text) => parseAmount(text))
