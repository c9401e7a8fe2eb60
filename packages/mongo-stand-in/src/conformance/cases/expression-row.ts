import type { Document } from 'bson'
import type { ConformanceCase, ExpectedError } from '../case.ts'

/** One expression over one document, and what it gives: a row in the tables of expressions. */
export interface ExpressionRow {
  readonly name: string
  /** The manual's sentence in other words. */
  readonly says: string
  readonly expression: unknown
  /** The document that the expression sees; it has an `_id` of its own. */
  readonly of?: Document
  readonly collation?: Document
  /** The value that comes out; a row with neither this nor `fails` expects no value at all. */
  readonly gives?: unknown
  readonly fails?: ExpectedError
}

/**
 * The rows of one page of the manual as cases; a name alone is that of an operator's page. Each case is a `$replaceWith` of the
 * one document there is.
 */
export function expressionCases(page: string, rows: readonly ExpressionRow[]): readonly ConformanceCase[] {
  return rows.map((row) => ({
    name: row.name,
    page: page.includes('/') ? page : `reference/operator/aggregation/${page}`,
    says: row.says,
    given: [{ _id: 1, ...row.of }],
    when: {
      aggregate: [{ $replaceWith: { value: row.expression } }],
      ...(row.collation === undefined ? {} : { collation: row.collation }),
    },
    gives: row.fails ?? [row.gives === undefined ? {} : { value: row.gives }],
  }))
}
