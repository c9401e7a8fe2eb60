import type { ConformanceCase } from '../case.ts'
import { comparisonOrder } from './comparison-order.ts'

/** The table, by topic. */
export const topics: Readonly<Record<string, readonly ConformanceCase[]>> = {
  'comparison order': comparisonOrder,
}

/** Every case of the table with a name that no other has. */
export const allCases: readonly ConformanceCase[] = Object.entries(topics).flatMap(([topic, cases]) =>
  cases.map((one) => ({ ...one, name: `${topic}: ${one.name}` })),
)
