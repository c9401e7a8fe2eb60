/*
 * The canonical form: when two documents are the same. Verify, shadow reads, the read-back of every chunk and the
 * laws of the mappings all compare here and nowhere else.
 *
 *   - missing, null and (deprecated) undefined are three things;
 *   - the order of keys does not count, the order of an array does;
 *   - Int32, Long, Double and Decimal128 are different types with exact values; Decimal128 counts by its text, so
 *     1.5 and 1.50 differ; 0 and -0 differ; NaN equals NaN;
 *   - dates count by the millisecond.
 */
import { hash } from 'node:crypto'
import { type BsonType, bsonTypeOf, bytesOf, entriesOf, numberOf, objectIdHex } from './bson-value.ts'
import { below } from './path.ts'
import type { Document } from './types.ts'

export interface Difference {
  path: string
  /** Seen from the left: `missing` on the right, `extra` on the right. */
  kind: 'missing' | 'extra' | 'changed' | 'type' | 'order'
  left: unknown
  right: unknown
}

/** Whether two values (documents, arrays or scalars) are the same in canonical form. */
export function canonicalEquals(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' || typeof left === 'boolean') return left === right
  const type = bsonTypeOf(left)
  if (type !== bsonTypeOf(right)) return false
  if (type === 'document') return sameMembers(entriesOf(left), entriesOf(right))
  if (type === 'array') {
    const [a, b] = [left as unknown[], right as unknown[]]
    return a.length === b.length && a.every((element, i) => canonicalEquals(element, b[i]))
  }
  return scalarText(type, left) === scalarText(type, right)
}

/** Every place where two documents differ, in the order of the left one's keys, then what only the right one has. */
export function differences(left: Document, right: Document): Difference[] {
  const found: Difference[] = []
  compareDocuments(left, right, '', found)
  return found
}

/** A stable text of the value: equal exactly for values that are canonically equal. For reports and hashes. */
export function canonicalText(value: unknown): string {
  const type = bsonTypeOf(value)
  if (type === 'array') return `[${(value as unknown[]).map(canonicalText).join(',')}]`
  if (type !== 'document') return scalarText(type, value)
  const members = entriesOf(value).map(([key, member]) => [JSON.stringify(key), member] as const)
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${members.map(([key, member]) => `${key}:${canonicalText(member)}`).join(',')}}`
}

/** A typed 64-bit hash of the canonical form, never negative; sums of it compare whole collections. */
export function canonicalHash(document: unknown): bigint {
  return hash('sha256', canonicalText(document), 'buffer').readBigUInt64BE(0)
}

function sameMembers(left: [string, unknown][], right: [string, unknown][]): boolean {
  if (left.length !== right.length) return false
  const others = new Map(right)
  return left.every(([key, member]) => others.has(key) && canonicalEquals(member, others.get(key)))
}

function compareDocuments(left: unknown, right: unknown, path: string, found: Difference[]): void {
  const others = new Map(entriesOf(right))
  for (const [key, member] of entriesOf(left)) {
    const here = below(path, key)
    if (!others.has(key)) found.push({ path: here, kind: 'missing', left: member, right: undefined })
    else compareValues(member, others.get(key), here, found)
    others.delete(key)
  }
  for (const [key, member] of others) {
    found.push({ path: below(path, key), kind: 'extra', left: undefined, right: member })
  }
}

function compareValues(left: unknown, right: unknown, path: string, found: Difference[]): void {
  const type = bsonTypeOf(left)
  if (type !== bsonTypeOf(right)) found.push({ path, kind: 'type', left, right })
  else if (type === 'document') compareDocuments(left, right, path, found)
  else if (type === 'array') compareArrays(left as unknown[], right as unknown[], path, found)
  else if (scalarText(type, left) !== scalarText(type, right))
    found.push({ path, kind: 'changed', left, right })
}

function compareArrays(left: unknown[], right: unknown[], path: string, found: Difference[]): void {
  if (isReordered(left, right)) {
    found.push({ path, kind: 'order', left, right })
    return
  }
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const here = below(path, String(i))
    if (i >= right.length) found.push({ path: here, kind: 'missing', left: left[i], right: undefined })
    else if (i >= left.length) found.push({ path: here, kind: 'extra', left: undefined, right: right[i] })
    else compareValues(left[i], right[i], here, found)
  }
}

function isReordered(left: unknown[], right: unknown[]): boolean {
  if (left.length !== right.length) return false
  const [a, b] = [left.map(canonicalText), right.map(canonicalText)]
  if (a.every((text, i) => text === b[i])) return false
  a.sort()
  b.sort()
  return a.every((text, i) => text === b[i])
}

/** Text of a value that is neither document nor array; its type is part of the text. */
function scalarText(type: BsonType, value: unknown): string {
  switch (type) {
    case 'string':
      return JSON.stringify(value)
    case 'bool':
    case 'null':
    case 'undefined':
      return String(value)
    case 'int32':
    case 'double': {
      const number = numberOf(value)
      return `${type}(${Object.is(number, -0) ? '-0' : number})`
    }
    case 'date':
      return `date(${(value as Date).getTime()})`
    case 'objectId':
      return `objectId(${objectIdHex(value)})`
    case 'binary':
      return binaryText(value)
    case 'regex':
      return regexText(value)
    case 'code': {
      const { code, scope } = value as { code: string; scope?: unknown }
      return `code(${JSON.stringify(String(code))}${scope ? `,${canonicalText(scope)}` : ''})`
    }
    case 'symbol':
      return `symbol(${JSON.stringify(String((value as { value: string }).value))})`
    case 'minKey':
    case 'maxKey':
      return type
    default:
      // long, decimal128, timestamp: their own text is exact
      return `${type}(${String(value)})`
  }
}

function binaryText(value: unknown): string {
  const subtype = value instanceof Uint8Array ? 0 : (value as { sub_type: number }).sub_type
  return `binary(${subtype},${Buffer.from(bytesOf(value)).toString('base64')})`
}

function regexText(value: unknown): string {
  const [pattern, options] =
    value instanceof RegExp
      ? [value.source, [...value.flags].sort().join('')]
      : [(value as { pattern: string }).pattern, (value as { options: string }).options]
  return `regex(${JSON.stringify(pattern)},${JSON.stringify(options)})`
}
