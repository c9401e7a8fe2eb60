import type { Document } from 'bson'
import { type Collation, collationFrom } from '../bson/collation.ts'
import { type ServerError, serverError } from '../server-error.ts'
import { splitNamespace } from '../storage/catalog.ts'
import type { Collection } from '../storage/collection.ts'

/** A view over a view over ... at most so many times. */
export const MAX_VIEW_DEPTH = 20

/** A view stands in the catalog as a collection without documents, whose options tell what it shows. */
export interface ViewDefinition {
  /** The namespace that it reads: a collection or another view. */
  readonly on: string
  readonly pipeline: readonly Document[]
  /** The view's own; that of the collection below has no say. */
  readonly collation: Collation | undefined
}

/** What the catalog entry shows as a view; undefined for a collection. */
export function viewOf(entry: Collection | undefined): ViewDefinition | undefined {
  if (entry?.options.viewOn === undefined) return undefined
  const { viewOn, pipeline, collation } = entry.options
  return {
    on: `${splitNamespace(entry.ns).db}.${String(viewOn)}`,
    pipeline,
    collation: collationFrom(collation),
  }
}

/** Refuses what only a collection can do: to be written to, above all. @throws ServerError CommandNotSupportedOnView */
export function assertNoView(entry: Collection | undefined): void {
  if (entry !== undefined && viewOf(entry) !== undefined) throw notOnView(entry.ns)
}

/** 166: the namespace is a view. */
export function notOnView(ns: string): ServerError {
  return serverError(166, 'CommandNotSupportedOnView', `Namespace ${ns} is a view, not a collection`)
}

/** 167: a view cannot be used with this option. */
export function optionNotOnView(message: string): ServerError {
  return serverError(167, 'OptionNotSupportedOnView', message)
}

/** 165: too many views stand on each other. */
export function viewDepthExceeded(ns: string): ServerError {
  return serverError(
    165,
    'ViewDepthLimitExceeded',
    `View depth too deep or view cycle detected; maximum depth is ${MAX_VIEW_DEPTH}: ${ns}`,
  )
}
