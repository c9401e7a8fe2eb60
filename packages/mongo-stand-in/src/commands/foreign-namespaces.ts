import type { Document } from 'bson'
import { isDocument } from '../bson/value-type.ts'

/** The namespaces, beside its own, that a pipeline reads or writes. */
export function foreignNamespaces(pipeline: readonly Document[], db: string): Set<string> {
  const found = new Set<string>()
  collect(pipeline, db, found)
  return found
}

function collect(pipeline: unknown, db: string, found: Set<string>): void {
  if (!Array.isArray(pipeline)) return
  for (const stage of pipeline.filter(isDocument)) {
    add(stage.$lookup?.from, db, found)
    add(stage.$graphLookup?.from, db, found)
    add(stage.$unionWith?.coll ?? stage.$unionWith, db, found)
    add(stage.$out, db, found)
    add(stage.$merge?.into ?? stage.$merge, db, found)
    collect(stage.$lookup?.pipeline, db, found)
    collect(stage.$unionWith?.pipeline, db, found)
    if (isDocument(stage.$facet)) for (const inner of Object.values(stage.$facet)) collect(inner, db, found)
  }
}

function add(target: unknown, db: string, found: Set<string>): void {
  if (typeof target === 'string') found.add(`${db}.${target}`)
  else if (isDocument(target) && typeof target.coll === 'string')
    found.add(`${target.db ?? db}.${target.coll}`)
}
