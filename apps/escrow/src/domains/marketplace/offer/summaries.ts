import { mergeLines } from '../../../platform/grouped-lines.ts'
import type { EntityId } from '../../../platform/ids.ts'
import { type Amount, addAmounts, compareAmounts, meanAmount } from '../../../platform/money.ts'
import type { OfferPrices, OfferStatusCount } from './model.ts'

/** What a store counted of one group of offers. */
export interface PriceGroup {
  purchaseRequestId: EntityId
  currency: string | null
  count: number
  /** How many of them have an exact price. */
  priced: number
  least: Amount | null
  total: Amount
}

/** One line per request and currency, ordered by both, the missing currency last. */
export function pricesOf(groups: readonly PriceGroup[]): OfferPrices[] {
  return mergeLines(groups, ['purchaseRequestId', 'currency'], (known, group) => ({
    ...known,
    count: known.count + group.count,
    priced: known.priced + group.priced,
    least: lesser(known.least, group.least),
    total: addAmounts(known.total, group.total),
  })).map(({ priced, total, ...prices }) => ({
    ...prices,
    average: priced === 0 ? null : meanAmount(total, priced),
  }))
}

/** One line per status, ordered by it, the missing one last. */
export function mergeStatuses(counts: readonly OfferStatusCount[]): OfferStatusCount[] {
  return mergeLines(counts, ['status'], (known, { count }) => ({ ...known, count: known.count + count }))
}

function lesser(left: Amount | null, right: Amount | null): Amount | null {
  if (left === null || right === null) return left ?? right
  return compareAmounts(left, right) <= 0 ? left : right
}
