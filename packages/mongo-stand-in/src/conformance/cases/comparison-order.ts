import type { ConformanceCase } from '../case.ts'

const page = 'reference/bson-type-comparison-order'

export const comparisonOrder: readonly ConformanceCase[] = [
  {
    name: 'numbers of different types compare by value',
    page,
    says: 'Before it compares, MongoDB treats the numeric types as equivalent types.',
    given: [
      { _id: 1, a: 3 },
      { _id: 2, a: 1.5 },
      { _id: 3, a: 2 },
    ],
    when: { find: {}, sort: { a: 1 } },
    gives: { ids: [2, 3, 1] },
  },
]
