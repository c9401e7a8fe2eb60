import type { Document } from 'bson'
import type { Expected } from './case.ts'

/**
 * An operation as data: the first field is the verb and its main argument, the others are what the driver's method takes
 * as options. It works on the collection `things` unless `collection` names another.
 */
export type Operation = Verb & {
  readonly collection?: string
  readonly collation?: Document
  readonly hint?: unknown
  readonly let?: Document
}

type Verb =
  | {
      readonly find: Document
      readonly sort?: Document
      readonly projection?: Document
      readonly skip?: number
      readonly limit?: number
    }
  | { readonly aggregate: readonly Document[] }
  | { readonly count: Document; readonly skip?: number; readonly limit?: number }
  | { readonly distinct: string; readonly filter?: Document }
  | { readonly insert: readonly Document[]; readonly ordered?: boolean }
  | ({ readonly updateOne: Document; readonly sort?: Document } & UpdateArguments)
  | ({ readonly updateMany: Document } & UpdateArguments)
  | { readonly replaceOne: Document; readonly with: Document; readonly upsert?: boolean }
  | { readonly deleteOne: Document }
  | { readonly deleteMany: Document }
  | ({ readonly findOneAndUpdate: Document } & UpdateArguments & FindAndModifyArguments)
  | ({ readonly findOneAndReplace: Document; readonly with: Document } & FindAndModifyArguments)
  | ({ readonly findOneAndDelete: Document } & FindAndModifyArguments)
  | { readonly bulkWrite: readonly Document[]; readonly ordered?: boolean }
  | { readonly createIndex: Document; readonly options?: Document }
  /** A command of the test's database as it is. */
  | { readonly command: Document }
  | { readonly startTransaction: string; readonly options?: Document }
  | { readonly commitTransaction: string }
  | { readonly abortTransaction: string }
  /** The indexes of a collection, as documents. */
  | { readonly listIndexes: string }
  /** The collections that the filter finds, as documents without their `uuid`. */
  | { readonly listCollections: Document; readonly nameOnly?: boolean }
  | { readonly rename: string; readonly dropTarget?: boolean }
  /** Opens a change stream under a name; it goes on after the last event of another one where that is named. */
  | {
      readonly watch: string
      readonly of?: 'database'
      readonly pipeline?: readonly Document[]
      readonly resumeAfter?: string
      readonly startAfter?: string
      readonly fullDocument?: string
      readonly fullDocumentBeforeChange?: string
      readonly showExpandedEvents?: boolean
    }
  /**
   * The next events of a change stream as documents, without what is another one each time: `_id`, times, `lsid`,
   * `txnNumber`, `collectionUUID` and the database's name.
   */
  | { readonly events: string; readonly count: number }

interface UpdateArguments {
  /** Update operators or a pipeline. */
  readonly with: Document | readonly Document[]
  readonly upsert?: boolean
  readonly arrayFilters?: readonly Document[]
}

interface FindAndModifyArguments {
  readonly sort?: Document
  readonly projection?: Document
  readonly upsert?: boolean
  readonly returnDocument?: 'before' | 'after'
}

/** One of several operations that make a case together. */
export type Step = Operation & {
  /** Name of the session in which it happens; sessions begin where they are named first. */
  readonly in?: string
  /** What must come out of this step; without it, that it succeeds. Of the last step the case says it. */
  readonly gives?: Expected
}
