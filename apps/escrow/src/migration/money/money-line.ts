import { type Amount, addAmounts, zeroAmount } from '../../platform/money.ts'

/** Which money: null stands for what is missing or cannot be read. */
export interface MoneyKey {
  collection: string
  /** UTC, YYYY-MM-DD. */
  day: string | null
  words: Record<string, string | null>
  currency: string | null
}

/** How many entries, and their exact sum; an amount that is no exact decimal counts and adds nothing. */
export interface MoneySum {
  count: number
  amount: Amount
}

/** The sums of one store, by their keys as text. */
export type MoneyLines = Map<string, MoneyKey & MoneySum>

export const nothing: MoneySum = { count: 0, amount: zeroAmount }

export function lineKey({ collection, day, words, currency }: MoneyKey): string {
  return JSON.stringify([collection, day, words, currency])
}

export function addLine(lines: MoneyLines, line: MoneyKey & MoneySum): void {
  const key = lineKey(line)
  const known = lines.get(key)
  lines.set(key, known === undefined ? line : { ...known, ...addSums(known, line) })
}

export function addSums(left: MoneySum, right: MoneySum): MoneySum {
  return { count: left.count + right.count, amount: addAmounts(left.amount, right.amount) }
}

export function sameSums(left: MoneySum, right: MoneySum): boolean {
  return left.count === right.count && left.amount === right.amount
}
