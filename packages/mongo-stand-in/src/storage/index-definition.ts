import { type Document, Double, Int32, Long } from 'bson'
import type { Collation } from '../bson/collation.ts'
import { collationFrom } from '../bson/compare.ts'
import { ownField, valuesAtPath } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'
import { type CompiledQuery, compileQuery } from '../query/compile-query.ts'
import { badValue, notSupported, serverError } from '../server-error.ts'

export interface IndexField {
  readonly path: string
  readonly direction: 1 | -1
}

/** An index as `createIndexes` described it, read once. */
export interface IndexDefinition {
  readonly name: string
  readonly fields: readonly IndexField[]
  readonly unique: boolean
  readonly sparse: boolean
  readonly partial: CompiledQuery | undefined
  readonly collation: Collation | undefined
  /** As `listIndexes` shows it. */
  readonly spec: Document
}

const PLAIN_OPTIONS = new Set([
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'collation',
  'background',
  'hidden',
  'ns',
  'prepareUnique',
])

/** Reads an index specification; what the stand-in cannot keep (text, geo, hashed, wildcard) is refused by name. */
export function defineIndex(spec: Document): IndexDefinition {
  for (const option of Object.keys(spec)) {
    if (!PLAIN_OPTIONS.has(option)) throw notSupported(`index option ${option}`)
  }
  const fields = Object.entries((spec.key ?? {}) as Document).map(([path, direction]) =>
    indexField(path, direction),
  )
  if (fields.length === 0) throw badValue('Index keys cannot be empty.')
  if (spec.sparse === true && spec.partialFilterExpression !== undefined) {
    throw serverError(67, 'CannotCreateIndex', 'cannot mix "partialFilterExpression" and "sparse" options')
  }
  const collation = collationFrom(spec.collation)
  return {
    name: typeof spec.name === 'string' ? spec.name : indexName(spec.key),
    fields,
    // One that is prepared refuses new duplicates as a unique one does, and keeps those that are there.
    unique: truthy(spec.unique) || truthy(spec.prepareUnique),
    sparse: truthy(spec.sparse),
    partial:
      spec.partialFilterExpression === undefined
        ? undefined
        : compileQuery(spec.partialFilterExpression, { collation }),
    collation,
    spec,
  }
}

/** The name that an index gets when none was given: `a_1_b_-1`. */
export function indexName(key: Document): string {
  return Object.entries(key)
    .map(([path, direction]) => `${path}_${String(direction)}`)
    .join('_')
}

/** Every key under which the index holds the document; none if a sparse or partial index leaves it out. */
export function indexKeys(definition: IndexDefinition, document: Document): unknown[][] {
  if (definition.partial !== undefined && !definition.partial.test(document)) return []
  const perField = definition.fields.map(({ path }) => distinctUndefined(valuesAtPath(document, path)))
  if (definition.sparse && perField.every((values) => values.every((value) => value === undefined))) return []
  let keys: unknown[][] = [[]]
  for (const values of perField) keys = keys.flatMap((key) => values.map((value) => [...key, value]))
  return keys
}

/** Whether an array lies on the way of the index, even one with a single element or none. */
export function meetsArray({ fields }: IndexDefinition, document: Document): boolean {
  return fields.some(({ path }) => {
    let value: unknown = document
    for (const segment of path.split('.')) {
      if (!isDocument(value)) return false
      value = ownField(value, segment)
      if (Array.isArray(value)) return true
    }
    return false
  })
}

function distinctUndefined(values: unknown[]): unknown[] {
  return values.length === 1 ? values : [...new Set(values)]
}

function indexField(path: string, direction: unknown): IndexField {
  if (typeof direction === 'string') throw notSupported(`index type '${direction}'`)
  if (path.includes('$**')) throw notSupported('wildcard index')
  const number = Number(direction)
  if (!isNumeric(direction) || number === 0 || Number.isNaN(number)) {
    throw serverError(
      67,
      'CannotCreateIndex',
      `Values in v:2 index key pattern must be numbers or strings other than 0: ${path}`,
    )
  }
  return { path, direction: number > 0 ? 1 : -1 }
}

function isNumeric(value: unknown): boolean {
  return (
    typeof value === 'number' || value instanceof Int32 || value instanceof Double || value instanceof Long
  )
}

function truthy(value: unknown): boolean {
  return value === true || (isNumeric(value) && Number(value) !== 0)
}
