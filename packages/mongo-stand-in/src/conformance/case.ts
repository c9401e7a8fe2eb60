import type { Document } from 'bson'
import type { Operation, Step } from './operation.ts'

/**
 * One statement of MongoDB's manual and an example that is true only if the statement is. What is expected was written
 * down from the manual before a server was asked.
 */
export interface ConformanceCase {
  readonly name: string
  /** Path below https://www.mongodb.com/docs/manual/, for example `reference/operator/query/in`. */
  readonly page: string
  /** The manual's sentence in other words. */
  readonly says: string
  readonly given: Given
  readonly when: Operation | readonly Step[]
  /** Of the operation; of the last step where there are steps. */
  readonly gives: Expected
}

/** What is there before: the documents of the collection `things`, or more than documents. */
export type Given = readonly Document[] | GivenCollections

export interface GivenCollections {
  readonly documents?: readonly Document[]
  /** `key` and the options of createIndex beside it. */
  readonly indexes?: ReadonlyArray<{ readonly key: Document } & Readonly<Record<string, unknown>>>
  /** Options of create: validator, collation, changeStreamPreAndPostImages. */
  readonly options?: Document
  /** Further collections by name. */
  readonly others?: Readonly<Record<string, readonly Document[]>>
}

/**
 * What must come out. Values are compared with their BSON types and the order of their fields; a JavaScript number
 * stands for an Int32 when it is a whole one, else for a Double.
 *
 * A list stands for the documents that a read returns, in this order; for a write for what the collection then holds, in
 * the order in which it came.
 */
export type Expected = readonly Document[] | ExpectedIds | ExpectedResult | ExpectedError

/** As a list of documents, with only their `_id` compared. */
export interface ExpectedIds {
  readonly ids: readonly unknown[]
  /** The order is open. */
  readonly anyOrder?: true
}

export interface ExpectedResult {
  /** Of a count, a distinct or a findAndModify all of it; of a write or a command the fields that are named here. */
  readonly result: unknown
  /** What `things` then holds. */
  readonly after?: readonly Document[]
}

export interface ExpectedError {
  readonly error: number
  /** A part of the message. */
  readonly message?: string
  /** Fields of the server's error, for example `keyValue`. */
  readonly details?: Document
  /** Error labels that must be among the error's. */
  readonly labels?: readonly string[]
  /** What `things` then holds. */
  readonly after?: readonly Document[]
}
