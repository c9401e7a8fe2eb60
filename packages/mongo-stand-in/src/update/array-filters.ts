import type { Document } from 'bson'
import type { Collation } from '../bson/compare.ts'
import { isDocument } from '../bson/value-type.ts'
import { compileQuery } from '../query/compile-query.ts'
import { badValue, failedToParse } from '../server-error.ts'

/** Identifier (`e` of `$[e]`) to the test of one array element. */
export type ArrayFilters = ReadonlyMap<string, (element: unknown) => boolean>

/** Compiles `arrayFilters`; every filter speaks of one identifier, and no identifier has two. */
export function compileArrayFilters(
  filters: readonly Document[],
  collation: Collation | undefined,
): ArrayFilters {
  const compiled = new Map<string, (element: unknown) => boolean>()
  for (const filter of filters) {
    const names = identifiers(filter)
    const [name] = names
    if (name === undefined)
      throw failedToParse('Cannot use an expression without a top-level field name in arrayFilters')
    if (names.size > 1) {
      throw failedToParse(
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found ${[...names].map((found) => `'${found}'`).join(' and ')}`,
      )
    }
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
      throw badValue(
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      )
    }
    if (compiled.has(name))
      throw failedToParse(`Found multiple array filters with the same top-level field name ${name}`)
    const query = compileQuery(filter, { collation })
    compiled.set(name, (element) => query.test({ [name]: element }))
  }
  return compiled
}

function identifiers(filter: Document): Set<string> {
  const found = new Set<string>()
  for (const [key, value] of Object.entries(filter)) {
    if (!key.startsWith('$')) found.add(key.split('.')[0] ?? '')
    else if (Array.isArray(value)) {
      for (const branch of value)
        if (isDocument(branch)) for (const name of identifiers(branch)) found.add(name)
    }
  }
  return found
}
