import type { Document } from 'bson'
import { indexKey } from '../bson/index-key.ts'
import { valuesAtPath } from '../bson/path.ts'
import type { PipelineContext, StageEnvironment } from './stage.ts'

/** Finds the documents of another collection that hold one of the values in a field. */
export type ForeignSearch = (values: readonly unknown[]) => Iterable<Document>

/**
 * Searches through an index of the other collection where it has one for the field, else in a hash table that is built
 * at the first question. Null also finds documents without the field.
 */
export function foreignSearch(
  from: string | undefined,
  field: string,
  env: StageEnvironment,
  context: PipelineContext,
): ForeignSearch {
  const table = hashTable(() => (from === undefined ? [] : context.collection(from)), field, env)
  return (values) => {
    const indexed = from === undefined ? undefined : context.findEqual?.(from, field, values)
    return indexed ?? table(values)
  }
}

/** The result is in the order of the collection. */
function hashTable(
  documents: () => Iterable<Document>,
  field: string,
  { collation }: StageEnvironment,
): ForeignSearch {
  let table: Map<string, Set<Document>> | undefined
  const positions = new Map<Document, number>()
  const build = () => {
    const built = new Map<string, Set<Document>>()
    for (const document of documents()) {
      positions.set(document, positions.size)
      for (const value of valuesAtPath(document, field)) addTo(built, indexKey(value, collation), document)
    }
    return built
  }
  return (values) => {
    table ??= build()
    const matched = new Set<Document>()
    for (const value of values) {
      for (const document of table.get(indexKey(value, collation)) ?? []) matched.add(document)
    }
    return [...matched].sort((a, b) => (positions.get(a) ?? 0) - (positions.get(b) ?? 0))
  }
}

function addTo(table: Map<string, Set<Document>>, key: string, document: Document): void {
  const found = table.get(key)
  if (found === undefined) table.set(key, new Set([document]))
  else found.add(document)
}
