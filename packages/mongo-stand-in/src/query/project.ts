import type { Document } from 'bson'
import { scopeOf } from '../aggregate/expression.ts'
import { parseProjection, type SpecialOperator } from '../aggregate/parse-projection.ts'
import { excludeFields, includeFields } from '../aggregate/projection-tree.ts'
import type { Collation } from '../bson/compare.ts'
import { toSafeInteger } from '../bson/number.ts'
import { isTrue } from '../bson/truth.ts'
import { isDocument } from '../bson/value-type.ts'
import { badValue, locationError, notSupported } from '../server-error.ts'
import type { CompiledQuery } from './compile-query.ts'
import { elementTest } from './field-predicate.ts'
import type { QueryEnvironment } from './predicate.ts'

export interface ProjectionOptions {
  collation?: Collation
  /** Variables that expressions see as `$$name`, already evaluated. */
  let?: Document
  /** The query that found the document, for `field.$`. */
  query?: CompiledQuery
  now?: Date
}

/**
 * Compiles the projection of a `find` or `findAndModify`: inclusion or exclusion by dotted paths, `$slice`,
 * `$elemMatch`, the positional operator, and aggregation expressions. An empty one keeps everything.
 */
export function compileProjection(
  spec: Document,
  options: ProjectionOptions = {},
): (document: Document) => Document {
  if (Object.keys(spec).length === 0) return (document) => document
  const env: QueryEnvironment = { collation: options.collation, let: options.let }
  // Filled for each document before its fields are projected: the tree itself is compiled once.
  const matched: { index: number | undefined } = { index: undefined }
  const expressionEnv = { collation: options.collation, variables: Object.keys(options.let ?? {}) }
  const { mode, fields } = parseProjection(spec, expressionEnv, findOperators(env, matched))
  const usesPosition = Object.keys(spec).some((path) => path.endsWith('.$'))
  return (document) => {
    if (usesPosition) {
      matched.index = options.query?.positional(document)
      if (matched.index === undefined) {
        throw locationError(
          51246,
          "Executor error during find command: positional operator '.$' couldn't find a matching element in the array",
        )
      }
    }
    const scope = scopeOf(document, { let: options.let, now: options.now })
    return mode === 'inclusion'
      ? includeFields(document, fields, scope)
      : excludeFields(document, fields, scope)
  }
}

function findOperators(env: QueryEnvironment, matched: { index: number | undefined }): SpecialOperator {
  return (path, value) => {
    if (path.endsWith('.$')) {
      const change = (array: unknown) => {
        if (!Array.isArray(array)) return array
        return array.slice(matched.index, (matched.index ?? 0) + 1)
      }
      if (!isTrue(value)) throw locationError(31395, 'positional projection cannot be used with exclusion')
      return { path: path.slice(0, -2), node: { kind: 'changed', change }, including: true }
    }
    if (!isDocument(value)) return undefined
    if ('$slice' in value) {
      const change = sliceOf(value.$slice)
      return change === undefined ? undefined : { path, node: { kind: 'changed', change }, including: false }
    }
    if ('$elemMatch' in value) {
      const matches = elementTest(value.$elemMatch, env)
      const change = (array: unknown) => firstElement(array, matches)
      return { path, node: { kind: 'changed', change }, including: true }
    }
    if ('$meta' in value) throw notSupported('$meta')
    return undefined
  }
}

function firstElement(array: unknown, matches: (element: unknown) => boolean): unknown[] | undefined {
  const found = Array.isArray(array) ? array.find(matches) : undefined
  return found === undefined ? undefined : [found]
}

/** `$slice: count` or `$slice: [skip, count]`; anything else is the aggregation expression of that name. */
function sliceOf(operand: unknown): ((value: unknown) => unknown) | undefined {
  if (!Array.isArray(operand)) {
    const count = toSafeInteger(operand)
    if (count === undefined) return undefined
    return (value) =>
      Array.isArray(value) ? (count >= 0 ? value.slice(0, count) : value.slice(count)) : value
  }
  const [skip, limit] = operand.map(toSafeInteger)
  if (operand.length !== 2 || skip === undefined || limit === undefined) return undefined
  if (limit <= 0)
    throw badValue(`First argument to $slice must be an array, or its limit must be positive, got ${limit}`)
  return (value) => {
    if (!Array.isArray(value)) return value
    const from = skip < 0 ? Math.max(0, value.length + skip) : skip
    return value.slice(from, from + limit)
  }
}
