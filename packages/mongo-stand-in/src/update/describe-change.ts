import type { Document } from 'bson'
import { identicalValues } from '../bson/identical.ts'
import { isDocument } from '../bson/value-type.ts'
import { disambiguatedPaths } from './disambiguated-paths.ts'

/** The `updateDescription` of a change event. */
export interface ChangeDescription {
  updatedFields: Document
  removedFields: string[]
  truncatedArrays: Document[]
  /** Shown only in streams with `showExpandedEvents`; empty if every path can be taken in one way only. */
  disambiguatedPaths: Document
}

/** A description that tells nothing yet. */
export function emptyDescription(): ChangeDescription {
  return { updatedFields: {}, removedFields: [], truncatedArrays: [], disambiguatedPaths: {} }
}

/** Adds the paths that could be misread, once everything is told. */
export function withDisambiguation(
  change: ChangeDescription,
  before: Document,
  after: Document,
): ChangeDescription {
  const updated = disambiguatedPaths(after, Object.keys(change.updatedFields))
  return {
    ...change,
    disambiguatedPaths: { ...updated, ...disambiguatedPaths(before, change.removedFields) },
  }
}

/**
 * The places that update operators wrote, by their path. `whole`: told as the whole new value, even if little of it is
 * new. `appended`: elements were added at the end of an array and are told one by one.
 */
export type WrittenPaths = ReadonlyMap<string, 'whole' | 'appended'>

/**
 * Tells what an update by operators changed, as a mongod does: a field that was set by its path and whole value; an
 * appended element as `a.3`; the whole array on the first push into an empty one and whenever elements went away or
 * moved. A field that was written with the value that it had is not told.
 *
 * Without `written`, the two documents have to speak for themselves: nested differences are told by the longest path.
 * A whole embedded document is told where paths cannot tell the change (names with dots, another order of fields).
 */
export function describeChange(
  before: Document,
  after: Document,
  written: WrittenPaths = new Map(),
): ChangeDescription {
  const change = emptyDescription()
  describeFields(before, after, '', { change, written })
  return withDisambiguation(change, before, after)
}

interface Telling {
  change: ChangeDescription
  written: WrittenPaths
}

function describeFields(before: Document, after: Document, prefix: string, telling: Telling): void {
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) telling.change.removedFields.push(prefix + name)
  }
  for (const [name, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, name)) telling.change.updatedFields[prefix + name] = value
    else describeValue(before[name], value, prefix + name, telling)
  }
}

function describeValue(before: unknown, after: unknown, path: string, telling: Telling): void {
  if (identicalValues(before, after)) return
  const { updatedFields } = telling.change
  if (telling.written.get(path) === 'whole') {
    updatedFields[path] = after
  } else if (isDocument(before) && isDocument(after) && canTellByPath(before, after)) {
    describeFields(before, after, `${path}.`, telling)
  } else if (Array.isArray(before) && Array.isArray(after) && keepsPositions(before, after)) {
    for (const [at, element] of after.entries()) {
      if (at < before.length) describeValue(before[at], element, `${path}.${at}`, telling)
      else updatedFields[`${path}.${at}`] = element
    }
  } else {
    updatedFields[path] = after
  }
}

/** Paths can tell the change if every name is free of dots and fields only go away, change in place or come last. */
export function canTellByPath(before: Document, after: Document): boolean {
  const names = [...Object.keys(before), ...Object.keys(after)]
  if (names.some((name) => name === '' || name.includes('.') || name.startsWith('$'))) return false
  const kept = Object.keys(before).filter((name) => Object.hasOwn(after, name))
  return Object.keys(after)
    .slice(0, kept.length)
    .every((name, at) => name === kept[at])
}

/** Elements were changed in place (same length), or new ones follow an unchanged, non-empty beginning. */
function keepsPositions(before: unknown[], after: unknown[]): boolean {
  if (before.length === 0 || after.length < before.length) return false
  return after.length === before.length || before.every((element, at) => identicalValues(element, after[at]))
}
