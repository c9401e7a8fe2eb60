import type { Document } from 'bson'
import { isIndex, ownField } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'
import { badValue, conflictingUpdateOperators, failedToParse, serverError } from '../server-error.ts'
import type { ArrayFilters } from './array-filters.ts'

/** The names in an update path, checked. Positional parts (`$`, `$[]`, `$[e]`) stay as they are. */
export function parseUpdatePath(path: string): string[] {
  if (path === '') throw serverError(56, 'EmptyFieldName', 'An empty update path is not valid.')
  const segments = path.split('.')
  for (const [at, segment] of segments.entries()) {
    if (segment === '') {
      throw serverError(
        56,
        'EmptyFieldName',
        `The update path '${path}' contains an empty field name, which is not allowed.`,
      )
    }
    if (isPositional(segment)) {
      if (at === 0)
        throw badValue(`Cannot have positional (i.e. '$') element in the first position in path '${path}'`)
    } else if (segment.startsWith('$') && !(at > 0 && ['$ref', '$id', '$db'].includes(segment))) {
      throw serverError(
        52,
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${segment}' in '${path}' is not allowed in the context of an update's path. Consider using a pipeline with $setField.`,
      )
    }
  }
  return segments
}

/** Identifiers of array filters that a path uses. */
export function filterIdentifiers(segments: readonly string[]): string[] {
  return segments.flatMap((segment) => /^\$\[(.+)\]$/.exec(segment)?.[1] ?? [])
}

/**
 * Replaces `$`, `$[]` and `$[e]` by positions of this document: one path for each element that is meant.
 */
export function resolvePath(
  document: Document,
  segments: readonly string[],
  filters: ArrayFilters,
  position: number | undefined,
): string[][] {
  if (!segments.some(isPositional)) return [[...segments]]
  return resolve(document, segments, 0, [], { filters, position })
}

interface Resolution {
  filters: ArrayFilters
  position: number | undefined
}

function resolve(
  value: unknown,
  segments: readonly string[],
  at: number,
  resolved: readonly string[],
  by: Resolution,
): string[][] {
  const segment = segments[at]
  if (segment === undefined) return [[...resolved]]
  const next = (name: string) => resolve(childOf(value, name), segments, at + 1, [...resolved, name], by)
  if (!isPositional(segment)) return next(segment)
  if (segment === '$') {
    if (by.position === undefined) {
      throw badValue('The positional operator did not find the match needed from the query.')
    }
    return next(String(by.position))
  }
  if (value === undefined) {
    throw badValue(
      `The path '${resolved.join('.')}' must exist in the document in order to apply array updates.`,
    )
  }
  if (!Array.isArray(value)) {
    throw badValue(`Cannot apply array updates to non-array element ${resolved.at(-1) ?? ''}`)
  }
  const name = segment.slice(2, -1)
  const accepts = name === '' ? () => true : by.filters.get(name)
  if (accepts === undefined)
    throw badValue(`No array filter found for identifier '${name}' in path '${segments.join('.')}'`)
  return value.flatMap((element, index) => (accepts(element) ? next(String(index)) : []))
}

/** The order in which a mongod applies updates and so adds new fields: by name, numbers by value. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const difference = compareNames(a[at] ?? '', b[at] ?? '')
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Refuses two paths of which one is the other or leads to it. */
export function checkConflicts(paths: readonly (readonly string[])[]): void {
  const taken = new Set<string>()
  const parents = new Set<string>()
  for (const path of paths) {
    const whole = path.join('.')
    const prefixes = path.map((_, at) => path.slice(0, at + 1).join('.'))
    const conflict = prefixes.find((prefix) => taken.has(prefix)) ?? (parents.has(whole) ? whole : undefined)
    if (conflict !== undefined) {
      throw conflictingUpdateOperators(
        `Updating the path '${whole}' would create a conflict at '${conflict}'`,
      )
    }
    taken.add(whole)
    for (const prefix of prefixes.slice(0, -1)) parents.add(prefix)
  }
}

/** Refuses an identifier without filter and a filter that no path uses. */
export function checkFilterUse(paths: readonly (readonly string[])[], filters: ArrayFilters): void {
  const used = new Set(paths.flatMap(filterIdentifiers))
  for (const path of paths) {
    for (const name of filterIdentifiers(path)) {
      if (!filters.has(name))
        throw badValue(`No array filter found for identifier '${name}' in path '${path.join('.')}'`)
    }
  }
  for (const name of filters.keys()) {
    if (!used.has(name))
      throw failedToParse(`The array filter for identifier '${name}' was not used in the update`)
  }
}

function isPositional(segment: string): boolean {
  return segment === '$' || (segment.startsWith('$[') && segment.endsWith(']'))
}

function childOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return isIndex(name) ? value[Number(name)] : undefined
  return isDocument(value) ? ownField(value, name) : undefined
}

function compareNames(a: string, b: string): number {
  if (isIndex(a) && isIndex(b)) return Number(a) - Number(b)
  return a < b ? -1 : a > b ? 1 : 0
}
