import type { Document, Timestamp } from 'bson'
import type { Collation } from '../bson/compare.ts'
import { equalValues } from '../bson/compare.ts'
import { failedToParse, immutableField, serverError } from '../server-error.ts'
import { compileArrayFilters } from './array-filters.ts'
import { compileOperators } from './compile-operators.ts'
import { type ChangeDescription, describeChange } from './describe-change.ts'
import { describeDifference } from './describe-difference.ts'
import { compileUpdatePipeline } from './update-pipeline.ts'

export { upsertSeed } from './upsert-seed.ts'

export interface UpdateOptions {
  arrayFilters?: Document[]
  collation?: Collation
  /** Variables that a pipeline sees as `$$name`, already evaluated. */
  let?: Document
}

export interface UpdateContext {
  /** Whether the document is the seed of an upsert: `$setOnInsert` counts only then. */
  inserting: boolean
  /** The array position that `$` stands for, from the query that found the document. */
  positional?: number
  /** The time of `$currentDate` and `$$NOW`; the present moment by default. */
  now?: Date
  /** The value of `$currentDate: { $type: 'timestamp' }`; derived from `now` by default. */
  timestamp?: Timestamp
}

export interface CompiledUpdate {
  kind: 'operators' | 'replacement' | 'pipeline'
  /** Returns a new document and leaves the given one alone; the two share what does not differ. */
  apply(document: Document, context: UpdateContext): Document
  /** Tells what `apply` changed, given the same document and context, in the way of a mongod for this kind of update. */
  describe(before: Document, after: Document, context: UpdateContext): ChangeDescription
}

/**
 * Compiles an update: a document of operators, a replacement, or a pipeline.
 *
 * @throws ServerError FailedToParse, BadValue or ConflictingUpdateOperators for an update that no document can take;
 *   `apply` throws TypeMismatch, PathNotViable, BadValue or ImmutableField for one that this document cannot take.
 */
export function compileUpdate(update: Document | Document[], options: UpdateOptions = {}): CompiledUpdate {
  if (Array.isArray(update)) {
    if (options.arrayFilters !== undefined)
      throw failedToParse('arrayFilters may not be specified for pipeline-style updates')
    return {
      kind: 'pipeline',
      apply: guarded('pipeline', compileUpdatePipeline(update, options)),
      describe: describeDifference,
    }
  }
  const [first] = Object.keys(update)
  if (first?.startsWith('$')) {
    const filters = compileArrayFilters(options.arrayFilters ?? [], options.collation)
    const operators = compileOperators(update, filters, options.collation)
    return {
      kind: 'operators',
      apply: guarded('operators', operators.apply),
      describe: (before, after, context) =>
        describeChange(before, after, operators.writtenPaths(before, context)),
    }
  }
  if (options.arrayFilters !== undefined)
    throw failedToParse('arrayFilters may not be specified for replacement updates')
  const operator = Object.keys(update).find((name) => name.startsWith('$'))
  if (operator !== undefined) {
    throw serverError(
      52,
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${operator}' in '${operator}' is not allowed in the context of an update's replacement document.`,
    )
  }
  return {
    kind: 'replacement',
    apply: guarded('replacement', () => update),
    describe: (before, after) => describeChange(before, after),
  }
}

type Apply = (document: Document, context: UpdateContext) => Document

/** Keeps `_id` as it was and in the first place, whatever the update does. */
function guarded(kind: CompiledUpdate['kind'], apply: Apply): Apply {
  return (document, context) => {
    const updated = apply(document, context)
    if (!Object.hasOwn(document, '_id')) return withIdFirst(updated, updated._id)
    // Only operators can mean to remove it; a replacement or $replaceRoot without _id just does not speak of it.
    if (kind !== 'operators' && !Object.hasOwn(updated, '_id')) return withIdFirst(updated, document._id)
    if (!Object.hasOwn(updated, '_id') || !equalValues(updated._id, document._id)) {
      throw immutableField(
        kind === 'operators'
          ? "Performing an update on the path '_id' would modify the immutable field '_id'"
          : "After applying the update, the (immutable) field '_id' was found to have been altered",
      )
    }
    return withIdFirst(updated, document._id)
  }
}

function withIdFirst(document: Document, id: unknown): Document {
  if (id === undefined) return document
  if (Array.isArray(id)) throw serverError(53, 'InvalidIdField', "The '_id' value cannot be of type array")
  const { _id: _moved, ...rest } = document
  return { _id: id, ...rest }
}
