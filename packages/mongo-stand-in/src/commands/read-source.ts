import type { Document } from 'bson'
import { type Collation, collationFrom, sameCollation } from '../bson/collation.ts'
import type { Collection } from '../storage/collection.ts'
import { MAX_VIEW_DEPTH, optionNotOnView, viewDepthExceeded, viewOf } from '../views/view-definition.ts'
import { type CommandContext, useEntry } from './context.ts'
import { documentField } from './fields.ts'

/** What a reading command reads: a collection, or a view with the collection below all its views. */
export interface ReadSource {
  /** The namespace that the command names. */
  readonly ns: string
  readonly collection: Collection | undefined
  readonly view:
    | { readonly pipeline: readonly Document[]; readonly collation: Collation | undefined }
    | undefined
}

/** Opens the namespace for reading, through any views, each of which stays as it is until the operation ends. */
export async function openReadSource(context: CommandContext, ns: string): Promise<ReadSource> {
  const entry = await useEntry(context, ns)
  const view = viewOf(entry)
  if (view === undefined) return { ns, collection: entry, view: undefined }
  let pipeline = view.pipeline
  let below = view.on
  for (let depth = 1; depth <= MAX_VIEW_DEPTH; depth++) {
    const next = await useEntry(context, below)
    const inner = viewOf(next)
    if (inner === undefined) return { ns, collection: next, view: { pipeline, collation: view.collation } }
    pipeline = [...inner.pipeline, ...pipeline]
    below = inner.on
  }
  throw viewDepthExceeded(ns)
}

/** The collation of the command, or else the source's own. A view's cannot be overridden. */
export function readCollation(
  command: Document,
  { ns, collection, view }: ReadSource,
): Collation | undefined {
  const asked = documentField(command, 'collation')
  if (view === undefined) return asked === undefined ? collection?.collation : collationFrom(asked)
  if (asked !== undefined && !sameCollation(collationFrom(asked), view.collation))
    throw optionNotOnView(`Cannot override the collation of the view ${ns}`)
  return view.collation
}
