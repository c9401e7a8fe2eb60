import type { Document } from 'bson'
import { identicalValues } from '../bson/identical.ts'
import { isIndex } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'

/** The `updateDescription` of a change event. */
export interface ChangeDescription {
  updatedFields: Document
  removedFields: string[]
  truncatedArrays: Document[]
}

/**
 * Tells what an update changed, as a mongod does: nested fields by their path; an appended element as `a.3`; the whole
 * array on the first push into an empty one and whenever elements went away or moved; and a whole embedded document
 * where paths could not tell the change (names with dots, another order of fields).
 *
 * `truncatedArrays` stays empty: a mongod fills it for update pipelines only, and reports whole arrays otherwise.
 */
export function describeChange(before: Document, after: Document): ChangeDescription {
  const change: ChangeDescription = { updatedFields: {}, removedFields: [], truncatedArrays: [] }
  describeFields(before, after, '', change)
  return change
}

function describeFields(before: Document, after: Document, prefix: string, change: ChangeDescription): void {
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) change.removedFields.push(prefix + name)
  }
  for (const [name, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, name)) change.updatedFields[prefix + name] = value
    else describeValue(before[name], value, prefix + name, change)
  }
}

function describeValue(before: unknown, after: unknown, path: string, change: ChangeDescription): void {
  if (identicalValues(before, after)) return
  if (isDocument(before) && isDocument(after) && isTellable(before, after)) {
    describeFields(before, after, `${path}.`, change)
  } else if (Array.isArray(before) && Array.isArray(after) && keepsPositions(before, after)) {
    for (const [at, element] of after.entries()) {
      if (at < before.length) describeValue(before[at], element, `${path}.${at}`, change)
      else change.updatedFields[`${path}.${at}`] = element
    }
  } else {
    change.updatedFields[path] = after
  }
}

/** Paths can tell the change if every name is free of dots and fields only go away, change in place or come last. */
function isTellable(before: Document, after: Document): boolean {
  const names = [...Object.keys(before), ...Object.keys(after)]
  if (names.some((name) => name === '' || name.includes('.') || name.startsWith('$') || isIndex(name)))
    return false
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
