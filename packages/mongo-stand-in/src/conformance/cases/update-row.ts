import type { Document } from 'bson'
import type { ConformanceCase, ExpectedError } from '../case.ts'

/** One update of one document, and what becomes of it. */
export interface UpdateRow {
  readonly name: string
  /** The manual's sentence in other words. */
  readonly says: string
  readonly page?: string
  /** The document before; its `_id` is 1. */
  readonly of: Document
  readonly filter?: Document
  readonly change: Document | readonly Document[]
  readonly arrayFilters?: readonly Document[]
  /** The document after, without its `_id`. */
  readonly becomes?: Document
  readonly fails?: ExpectedError
}

/** The rows of a page of update operators; a row may name another page. */
export function updateCases(operator: string, rows: readonly UpdateRow[]): readonly ConformanceCase[] {
  return rows.map((row) => ({
    name: row.name,
    page: row.page ?? `reference/operator/update/${operator}`,
    says: row.says,
    given: [{ _id: 1, ...row.of }],
    when: {
      updateOne: row.filter ?? { _id: 1 },
      with: row.change,
      ...(row.arrayFilters === undefined ? {} : { arrayFilters: row.arrayFilters }),
    },
    gives:
      row.fails === undefined
        ? [{ _id: 1, ...(row.becomes ?? row.of) }]
        : { after: [{ _id: 1, ...row.of }], ...row.fails },
  }))
}
