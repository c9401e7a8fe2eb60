import type { Document } from 'bson'
import type { Scope } from '../expression.ts'

/** The documents of one partition in their order, with what the window functions read of them again and again. */
export interface Partition {
  readonly documents: readonly Document[]
  /** What expressions see of each document. */
  readonly scopes: readonly Scope[]
  /** The value of the sort field, where the order is by a single one. */
  readonly sortValues: readonly unknown[]
}

/** A compiled output of `$setWindowFields`: a value for each document of a partition. */
export type WindowFunction = (partition: Partition) => unknown[]
