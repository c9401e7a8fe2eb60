import type { Document, Mapping } from '../mapping/types.ts'

/**
 * What may have changed in the growing arrays of one document: places and ids of elements that were appended or changed
 * in place, by path. Whatever is not named has not changed; the rest of the document is small and always mirrored.
 */
export type GrowingChanges = ReadonlyMap<string, ElementChanges>

export interface ElementChanges {
  places: ReadonlySet<number>
  ids: readonly unknown[]
}

/** Changes named by their elements' ids, as a repository knows them. */
export function changesOfIds(elements: Readonly<Record<string, readonly unknown[]>>): GrowingChanges {
  return new Map(Object.entries(elements).map(([path, ids]) => [path, { places: new Set(), ids }]))
}

/**
 * What an update event names; undefined where the document must be mirrored whole. An event names places, not elements,
 * so a removal can look like a change of others (G7): only elements that were appended or changed in place may be
 * named, no whole array and no cut one. Whether a place still holds the element that it should is asked later, of both
 * stores.
 */
export function changesOfEvent(
  mapping: Mapping,
  event: { operation: string; whole: Document },
): GrowingChanges | undefined {
  if (event.operation !== 'update') return undefined
  const description = event.whole.updateDescription as UpdateDescription | undefined
  if (description === undefined) return undefined
  const cut = (description.truncatedArrays ?? []).map(({ field }) => field)
  const paths = [
    ...Object.keys(description.updatedFields ?? {}),
    ...(description.removedFields ?? []),
    // Cut itself it needs the whole; an array inside of an element is changed in place.
    ...cut,
  ]
  const changes = new Map<string, ElementChanges>()
  for (const path of mapping.growing) {
    const places = new Set<number>()
    for (const changed of paths) {
      if (changed !== path && !changed.startsWith(`${path}.`)) continue
      const place = /^(\d+)(\.|$)/.exec(changed.slice(path.length + 1))?.[1]
      if (place === undefined) return undefined
      places.add(Number(place))
    }
    if (places.size > 0) changes.set(path, { places, ids: [] })
  }
  return changes
}

interface UpdateDescription {
  updatedFields?: Document
  removedFields?: string[]
  truncatedArrays?: { field: string }[]
}

/** What several events of one document name together; undefined where one of them needs the whole. */
export function mergeChanges(
  one: GrowingChanges | undefined,
  other: GrowingChanges | undefined,
): GrowingChanges | undefined {
  if (one === undefined || other === undefined) return undefined
  const merged = new Map(one)
  for (const [path, changes] of other) {
    const known = merged.get(path)
    merged.set(path, {
      places: new Set([...(known?.places ?? []), ...changes.places]),
      ids: [...(known?.ids ?? []), ...changes.ids],
    })
  }
  return merged
}
