import { type Document, Int32 } from 'bson'
import { equalValues } from '../bson/compare.ts'
import { long, toDouble, toInteger } from '../bson/number.ts'
import { isDocument, isNumber } from '../bson/value-type.ts'
import { assertKnownFields } from '../dispatch/generic-arguments.ts'
import { badValue, notSupported, type ServerError, serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import type { OrderedIndex } from '../storage/ordered-index.ts'
import { duplicates } from './duplicate-keys.ts'
import { booleanField } from './fields.ts'

const CHANGES = ['expireAfterSeconds', 'hidden', 'unique', 'prepareUnique']

/** What a collMod changes at an index: for the log, and for the reply. */
export function indexChange(
  collection: Collection,
  request: Document,
): { detail: Document; before: Document; reply: Document } {
  assertKnownFields('collMod.index', request, ['name', 'keyPattern', ...CHANGES, 'forceNonUnique'])
  if (request.forceNonUnique !== undefined) throw notSupported('collMod index option forceNonUnique')
  const index = findIndex(collection, request)
  const { expireAfterSeconds } = request
  if (CHANGES.every((name) => request[name] === undefined))
    throw invalidOptions('no expireAfterSeconds, hidden, unique, or prepareUnique field')
  if (expireAfterSeconds !== undefined && !isNumber(expireAfterSeconds))
    throw badValue('expireAfterSeconds must be a number')
  const { spec } = index.definition
  const detail: Document = { name: index.definition.name }
  const before: Document = {}
  const reply: Document = {}
  if (expireAfterSeconds !== undefined) {
    detail.expireAfterSeconds = expireAfterSeconds
    before.expireAfterSeconds = seconds(spec.expireAfterSeconds ?? new Int32(0))
    reply.expireAfterSeconds_old = before.expireAfterSeconds
    reply.expireAfterSeconds_new = seconds(expireAfterSeconds)
  }
  for (const name of ['hidden', 'prepareUnique']) {
    const value = booleanField(request, name)
    if (value === undefined) continue
    detail[name] = value
    before[name] = spec[name] ?? false
    reply[`${name}_old`] = before[name]
    reply[`${name}_new`] = value
  }
  if (booleanField(request, 'unique') === true && spec.unique !== true) {
    assertUnique(collection, index)
    detail.unique = true
    reply.unique_new = true
  }
  return { detail, before, reply }
}

/** Times are told as longs. */
function seconds(value: unknown): unknown {
  return long(toInteger(value) ?? BigInt(Math.trunc(toDouble(value))))
}

function findIndex(collection: Collection, { name, keyPattern }: Document): OrderedIndex {
  const index = [...collection.indexes.values()].find(({ definition }) =>
    isDocument(keyPattern) ? equalValues(definition.spec.key, keyPattern) : definition.name === name,
  )
  if (index !== undefined) return index
  throw serverError(
    27,
    'IndexNotFound',
    `cannot find index ${JSON.stringify(name ?? keyPattern)} for ns ${collection.ns}`,
  )
}

/** New duplicates have been refused since the index was prepared; those from before are named. */
function assertUnique(collection: Collection, { definition }: OrderedIndex): void {
  if (definition.spec.prepareUnique !== true)
    throw invalidOptions("Cannot make index unique with 'prepareUnique=false'. Run collMod to set it first.")
  const violations: Array<{ key: unknown[]; ids: unknown[] }> = []
  for (const { key, ids } of duplicates(collection, definition)) {
    const known = violations.find((violation) => equalValues(violation.key, key))
    if (known === undefined) violations.push({ key, ids: [...ids] })
    else known.ids.push(ids[1])
  }
  if (violations.length === 0) return
  throw serverError(
    359,
    'CannotConvertIndexToUnique',
    'Cannot convert the index to unique. Please resolve conflicting documents before running collMod again.',
    { extra: { violations: violations.map(({ ids }) => ({ ids })) } },
  )
}

function invalidOptions(message: string): ServerError {
  return serverError(72, 'InvalidOptions', message)
}
