import type { Document } from 'bson'
import type { ConformanceCase, Expected, Given } from '../case.ts'

/** A pipeline over some documents, and what it gives: a row in the tables of stages. */
export interface StageRow {
  readonly name: string
  /** The manual's sentence in other words. */
  readonly says: string
  readonly given: Given
  readonly stages: readonly Document[]
  readonly collation?: Document
  readonly let?: Document
  readonly gives: Expected
}

/** The rows of one page of the manual as cases; a name alone is that of a stage's or an operator's page. */
export function stageCases(page: string, rows: readonly StageRow[]): readonly ConformanceCase[] {
  return rows.map(({ name, says, given, stages, gives, ...options }) => ({
    name,
    page: page.includes('/') ? page : `reference/operator/aggregation/${page}`,
    says,
    given,
    when: { aggregate: stages, ...options },
    gives,
  }))
}
