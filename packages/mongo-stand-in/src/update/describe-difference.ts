import { type Document, Int32 } from 'bson'
import { encodeDocument } from '../bson/decode.ts'
import { identicalValues } from '../bson/identical.ts'
import { isDocument } from '../bson/value-type.ts'
import {
  type ChangeDescription,
  canTellByPath,
  emptyDescription,
  withDisambiguation,
} from './describe-change.ts'

/**
 * Tells what an update pipeline changed, as a mongod does: by comparing the two documents. Arrays are compared position
 * by position, so elements that moved are told one by one, and a shorter array is told by its new size in
 * `truncatedArrays`. A value is told whole where that is no longer than its differences.
 */
export function describeDifference(before: Document, after: Document): ChangeDescription {
  return withDisambiguation(differenceOfFields(before, after, ''), before, after)
}

function differenceOfFields(before: Document, after: Document, prefix: string): ChangeDescription {
  const change = emptyDescription()
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) change.removedFields.push(prefix + name)
  }
  for (const [name, value] of Object.entries(after)) {
    if (Object.hasOwn(before, name)) add(change, differenceOfValues(before[name], value, prefix + name))
    else change.updatedFields[prefix + name] = value
  }
  return change
}

function differenceOfArrays(before: unknown[], after: unknown[], path: string): ChangeDescription {
  const change = emptyDescription()
  for (const [at, element] of after.entries()) {
    if (at < before.length) add(change, differenceOfValues(before[at], element, `${path}.${at}`))
    else change.updatedFields[`${path}.${at}`] = element
  }
  if (after.length < before.length) {
    change.truncatedArrays.push({ field: path, newSize: new Int32(after.length) })
  }
  return change
}

function differenceOfValues(before: unknown, after: unknown, path: string): ChangeDescription {
  if (identicalValues(before, after)) return emptyDescription()
  const whole: ChangeDescription = { ...emptyDescription(), updatedFields: { [path]: after } }
  const parts = partsOf(before, after, path)
  if (parts === undefined) return whole
  // The document around the value adds 8 bytes.
  const wholeSize = encodeDocument({ v: after }).length - 8
  return size(parts, path, Array.isArray(after)) < wholeSize ? parts : whole
}

function partsOf(before: unknown, after: unknown, path: string): ChangeDescription | undefined {
  if (Array.isArray(before) && Array.isArray(after)) return differenceOfArrays(before, after, path)
  if (isDocument(before) && isDocument(after) && canTellByPath(before, after)) {
    return differenceOfFields(before, after, `${path}.`)
  }
  return undefined
}

/**
 * About the length that the difference has in the log of a mongod: `{ a: true, u0: ... }` for an array, `{ u: {}, d: {} }`
 * for a document. Differences further down nest there and are flat here, so it may be a few bytes off.
 */
function size(change: ChangeDescription, path: string, isArray: boolean): number {
  const relative = (inner: string) => inner.slice(path.length + 1)
  const mark = isArray ? 'u' : ''
  const updated = Object.entries(change.updatedFields).map(([inner, value]) => [
    mark + relative(inner),
    value,
  ])
  const removed = change.removedFields.map((inner) => [relative(inner), false])
  const sizes = change.truncatedArrays.map(({ field, newSize }) => [`${relative(field)}l`, newSize])
  if (isArray)
    return encodeDocument({ a: true, ...Object.fromEntries([...updated, ...removed, ...sizes]) }).length
  const sections = { u: Object.fromEntries([...updated, ...sizes]), d: Object.fromEntries(removed) }
  const present = Object.entries(sections).filter(([, fields]) => Object.keys(fields).length > 0)
  return encodeDocument(Object.fromEntries(present)).length
}

function add(change: ChangeDescription, more: ChangeDescription): void {
  Object.assign(change.updatedFields, more.updatedFields)
  change.removedFields.push(...more.removedFields)
  change.truncatedArrays.push(...more.truncatedArrays)
}
