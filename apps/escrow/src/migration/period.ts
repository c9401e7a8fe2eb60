import type { Period } from '../platform/period.ts'
import { lenientDate } from './lenient.ts'

/** What may lie in a period: old documents hold times as text, too, which MongoDB compares with no date. */
export function maybeWithin(path: string, { from, to }: Period) {
  return { $or: [{ [path]: { $gte: from, $lt: to } }, { [path]: { $type: 'string' } }] }
}

/** Expressions to group by: the UTC day of a time, and the text that lies in its place; null for all else. */
export function dayAndText(path: string) {
  const day = { $dateToString: { date: `$${path}`, format: '%Y-%m-%d', timezone: 'UTC' } }
  return { day: ifOfType(path, 'date', day), text: textOf(path) }
}

/** An expression: the text that lies in the place of a time, else null. */
export function textOf(path: string) {
  return ifOfType(path, 'string', `$${path}`)
}

/** The UTC day of a group made by `dayAndText` behind `maybeWithin`, or null where it lies outside of the period. */
export function dayWithin({ day, text }: { day: unknown; text: unknown }, period: Period): string | null {
  if (typeof day === 'string') return day
  const time = lenientDate(text)
  return time !== null && isWithin(time, period) ? time.toISOString().slice(0, 10) : null
}

export function isWithin(time: Date, { from, to }: Period): boolean {
  return time >= from && time < to
}

function ifOfType(path: string, type: 'date' | 'string', value: unknown) {
  return { $cond: [{ $eq: [{ $type: `$${path}` }, type] }, value, null] }
}
