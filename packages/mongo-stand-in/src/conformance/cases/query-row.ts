import type { ConformanceCase, Given } from '../case.ts'

/** A filter and the `_id` of what it finds, in the order in which the documents went in. */
export interface QueryRow {
  readonly name: string
  readonly page: string
  /** The manual's sentence in other words. */
  readonly says: string
  readonly given: Given
  readonly filter: Readonly<Record<string, unknown>>
  readonly ids: readonly unknown[]
}

export function queryCases(rows: readonly QueryRow[]): readonly ConformanceCase[] {
  return rows.map(({ name, page, says, given, filter, ids }) => ({
    name,
    page,
    says,
    given,
    when: { find: filter },
    gives: { ids },
  }))
}
