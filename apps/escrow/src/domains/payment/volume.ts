import { keptText } from '../../platform/extra.ts'
import { addAmounts } from '../../platform/money.ts'
import type { Volume } from './model.ts'

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
  const merged = new Map<string, Volume>()
  for (const volume of volumes) {
    const key = JSON.stringify([volume.status, volume.currency])
    const known = merged.get(key)
    merged.set(
      key,
      known === undefined
        ? volume
        : {
            ...known,
            count: known.count + volume.count,
            amount: addAmounts(known.amount, volume.amount),
          },
    )
  }
  return [...merged.values()].sort(
    (left, right) => byText(left.status, right.status) || byText(left.currency, right.currency),
  )
}

function byText(left: string | null, right: string | null): number {
  if (left === right) return 0
  if (left === null) return 1
  if (right === null) return -1
  return left < right ? -1 : 1
}
