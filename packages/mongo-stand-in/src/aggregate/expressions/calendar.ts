/** Calendar arithmetic on Dates whose UTC fields show a local time. */
export const DAY = 86_400_000

/** 1 to 366. */
export function dayOfYear(local: Date): number {
  return Math.floor((local.getTime() - startOfYear(local.getUTCFullYear())) / DAY) + 1
}

/** Weeks begin on Sunday; the days before the first Sunday are week 0. */
export function weekOfYear(local: Date): number {
  return Math.floor((dayOfYear(local) + 6 - local.getUTCDay()) / 7)
}

/** Monday is 1, Sunday 7. */
export function isoDayOfWeek(local: Date): number {
  return local.getUTCDay() || 7
}

/** The ISO week, and the year that it belongs to: that of its Thursday. */
export function isoWeek(local: Date): { year: number; week: number } {
  const thursday = new Date(local.getTime() + (4 - isoDayOfWeek(local)) * DAY)
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) }
}

/** Adds months; a day that the target month has not becomes its last one (31 January + 1 = 28 February). */
export function addMonths(local: Date, months: number): Date {
  const target = new Date(local)
  target.setUTCDate(1)
  target.setUTCMonth(target.getUTCMonth() + months)
  const days = new Date(dateUtc(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate()
  target.setUTCDate(Math.min(local.getUTCDate(), days))
  return target
}

/** Like `Date.UTC`, without taking the years 0 to 99 for the last century. */
export function dateUtc(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  ms = 0,
): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  date.setUTCHours(hour, minute, second, ms)
  return date.getTime()
}

function startOfYear(year: number): number {
  return dateUtc(year, 0, 1)
}
