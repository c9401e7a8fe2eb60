import { type Document, UUID } from 'bson'
import type { ClusterTime } from './cluster-clock.ts'
import { Collection } from './collection.ts'
import { defineIndex } from './index-definition.ts'
import type { CatalogChange } from './log-entry.ts'

/** Which collections there are. Changed only through {@link applyCatalogChange}, live and when the file is read. */
export type Catalog = Map<string, Collection>

/** `db.name` apart; the name may contain dots itself. */
export function splitNamespace(ns: string): { db: string; coll: string } {
  const dot = ns.indexOf('.')
  return dot === -1 ? { db: ns, coll: '' } : { db: ns.slice(0, dot), coll: ns.slice(dot + 1) }
}

/** Makes a change that has been checked already. */
export function applyCatalogChange(
  catalog: Catalog,
  change: CatalogChange,
  ns: string,
  detail: Document,
  time: ClusterTime,
): void {
  if (change === 'create') {
    catalog.set(ns, new Collection(ns, new UUID(detail.uuid), detail.options, time))
    return
  }
  if (change === 'dropDatabase') return
  const collection = catalog.get(ns)
  if (collection === undefined) throw new Error(`The log changes ${ns}, which does not exist`)
  collection.changedAt = time
  switch (change) {
    case 'drop':
      catalog.delete(ns)
      break
    case 'rename':
      catalog.delete(ns)
      collection.ns = detail.to
      catalog.set(detail.to, collection)
      break
    case 'modify':
      if (detail.options !== undefined) collection.setOptions(detail.options)
      if (detail.index !== undefined) modifyIndex(collection, detail.index)
      break
    case 'createIndexes':
      for (const spec of detail.indexes as Document[]) collection.addIndex(defineIndex(spec))
      break
    case 'dropIndexes':
      for (const name of detail.names as string[]) collection.indexes.delete(name)
      break
  }
}

function modifyIndex(collection: Collection, { name, ...changes }: Document): void {
  const index = collection.indexes.get(name)
  if (index === undefined) return
  // What is unique is no longer prepared for it.
  const { prepareUnique, ...spec } = index.definition.spec
  const kept = prepareUnique === undefined || changes.unique === true ? spec : { ...spec, prepareUnique }
  index.definition = defineIndex({ ...kept, ...changes })
}
