import type { Document } from 'bson'
import type { Collation } from '../bson/compare.ts'

/** What a match tells besides yes: the array position that `$` stands for in an update. */
export interface MatchDetails {
  index?: number
}

/** A compiled condition on a whole document. */
export type Predicate = (document: Document, details: MatchDetails) => boolean

/** A compiled condition on one value; `undefined` is a value that is not there. */
export type ValueTest = (value: unknown) => boolean

/** What compiling a query needs to know besides the query. */
export interface QueryEnvironment {
  collation: Collation | undefined
  let: Document | undefined
}
