import { keptText } from '../../platform/extra.ts'
import { mergeLines } from '../../platform/grouped-lines.ts'
import { type Amount, addAmounts } from '../../platform/money.ts'
import type { DailyVolume, Volume } from './model.ts'

/** The words under which a group of rows is counted: its columns, or what the rows keep in their place. */
export function shownVolume(row: {
  status: string | null
  keptStatus: unknown
  currency: string | null
  keptCurrency: unknown
  count: number
}) {
  return {
    status: row.status ?? keptText({ status: row.keptStatus }, 'status'),
    currency: row.currency ?? keptText({ currency: row.keptCurrency }, 'currency'),
    count: row.count,
  }
}

/** One line per status and currency, ordered by both, the missing ones last. */
export function mergeVolumes(volumes: readonly Volume[]): Volume[] {
  return mergeLines(volumes, ['status', 'currency'], addLines)
}

/** One line per day, provider and currency, ordered by all three, the missing ones last. */
export function mergeDailyVolumes(volumes: readonly DailyVolume[]): DailyVolume[] {
  return mergeLines(volumes, ['day', 'provider', 'currency'], addLines)
}

function addLines<Line extends { count: number; amount: Amount }>(known: Line, line: Line): Line {
  return { ...known, count: known.count + line.count, amount: addAmounts(known.amount, line.amount) }
}
