import type { Document } from 'bson'
import { cloneContainers } from '../bson/clone.ts'
import { isDocument, isRegex } from '../bson/value-type.ts'
import { isOperatorDocument } from '../query/value-tests.ts'
import { badValue, serverError } from '../server-error.ts'
import { locate } from './location.ts'

/**
 * The document that an upsert starts from: the fields that the filter pins by equality (`field: value`, `$eq`, an `$all`
 * or `$in` of one value, and the same under `$and`, or under an `$or` of one branch).
 */
export function upsertSeed(filter: Document): Document {
  const seed: Document = {}
  const pinned = new Map<string, unknown>()
  collect(filter, pinned)
  for (const [path, value] of pinned) locate(seed, path.split('.')).write(cloneContainers(value))
  return seed
}

function collect(filter: Document, pinned: Map<string, unknown>): void {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and') {
      for (const branch of branches(condition)) collect(branch, pinned)
    } else if (key === '$or' && branches(condition).length === 1) {
      for (const branch of branches(condition)) collect(branch, pinned)
    } else if (!key.startsWith('$')) {
      const value = pinnedValue(condition)
      if (value !== undefined) pin(key, value, pinned)
    }
  }
}

function pin(path: string, value: unknown, pinned: Map<string, unknown>): void {
  if (pinned.has(path)) throw notSingle(`cannot infer query fields to set, path '${path}' is matched twice`)
  for (const other of pinned.keys()) {
    if (other.startsWith(`${path}.`) || path.startsWith(`${other}.`)) {
      throw notSingle(`cannot infer query fields to set, both paths '${path}' and '${other}' are matched`)
    }
  }
  if (path.split('.').some((segment) => segment.startsWith('$') && !/^\$(ref|id|db)$/.test(segment))) {
    throw badValue(`cannot infer query fields to set from the path '${path}'`)
  }
  pinned.set(path, value)
}

function pinnedValue(condition: unknown): unknown {
  if (isRegex(condition)) return undefined
  if (!isOperatorDocument(condition)) return condition
  if ('$eq' in condition) return condition.$eq
  for (const list of [condition.$in, condition.$all]) {
    if (Array.isArray(list) && list.length === 1 && !isRegex(list[0]) && !isOperatorDocument(list[0]))
      return list[0]
  }
  return undefined
}

function branches(condition: unknown): Document[] {
  return Array.isArray(condition) ? condition.filter(isDocument) : []
}

function notSingle(message: string): Error {
  return serverError(54, 'NotSingleValueField', message)
}
