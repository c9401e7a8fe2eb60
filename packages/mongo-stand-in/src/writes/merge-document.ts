import { type Document, ObjectId } from 'bson'
import { compileExpression, scopeOf } from '../aggregate/expression.ts'
import type { WriteTarget } from '../aggregate/run-pipeline.ts'
import { readAtPath } from '../aggregate/set-at-path.ts'
import { type Collation, sameCollation } from '../bson/collation.ts'
import { isNullish } from '../bson/value-type.ts'
import { findDocuments } from '../planning/find-documents.ts'
import { locationError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { duplicateKey } from '../storage/unique-keys.ts'
import type { WriteUnit } from '../storage/write-unit.ts'
import { compileUpdate } from '../update/compile-update.ts'
import { insertDocument } from './insert-document.ts'
import { prepareUpdate, updateFound } from './update-document.ts'

type Merge = Extract<WriteTarget, { kind: '$merge' }>

export interface MergeOptions {
  readonly bypassValidation: boolean
  readonly collation: Collation | undefined
  /** The command's own variables. */
  readonly variables: Document | undefined
}

/** The update of `whenMatched: 'merge'`, as a mongod has it. */
const MERGE_FIELDS = [{ $replaceWith: { $mergeObjects: ['$$ROOT', '$$new'] } }]

/**
 * Checks what no document is needed for.
 *
 * @throws ServerError Location51183 if no unique index makes sure that the `on` fields name one document at most.
 */
export function assertMergeable(
  collection: Collection | undefined,
  target: Merge,
  { collation, variables }: MergeOptions,
): void {
  if (
    !(target.on.length === 1 && target.on[0] === '_id') &&
    supportingIndex(collection, target.on, collation) === undefined
  ) {
    throw locationError(51183, 'Cannot find index to verify that join fields will be unique')
  }
  if (Array.isArray(target.whenMatched)) {
    const names = [...Object.keys(variables ?? {}), ...Object.keys(target.let ?? {}), 'new']
    compileUpdate(target.whenMatched, { let: Object.fromEntries(names.map((name) => [name, null])) })
  }
}

/** Merges one document of the pipeline's result into the collection. */
export function mergeDocument(
  unit: WriteUnit,
  collection: Collection,
  target: Merge,
  result: Document,
  options: MergeOptions,
): void {
  const document = result._id === undefined ? { _id: new ObjectId(), ...result } : result
  const allowsNull =
    target.on[0] === '_id' || supportingIndex(collection, target.on, options.collation)?.sparse !== true
  const filter = identifyingFilter(document, target.on, allowsNull)
  const [found] = findDocuments(collection, { unit }, { filter, collation: options.collation, limit: 1 })
  const { bypassValidation } = options
  if (found === undefined) {
    if (target.whenNotMatched === 'fail') {
      throw locationError(13113, '$merge could not find a matching document in the target collection')
    }
    if (target.whenNotMatched === 'insert')
      insertDocument(unit, collection, document, undefined, { bypassValidation })
    return
  }
  if (target.whenMatched === 'keepExisting') return
  if (target.whenMatched === 'fail')
    throw duplicateKey(collection.ns, collection.ids.definition, [found.document._id])
  const update = mergeUpdate(target, result, options)
  updateFound(unit, collection, found, prepareUpdate({ filter, ...update, bypassValidation }))
}

/** Takes the result as it is: an `_id` made up for an insert must not change the document that is there. */
function mergeUpdate(
  { whenMatched, let: given }: Merge,
  result: Document,
  { collation, variables }: MergeOptions,
): { update: Document | Document[]; let?: Document; collation?: Collation } {
  if (whenMatched === 'replace') return { update: result }
  if (!Array.isArray(whenMatched)) return { update: MERGE_FIELDS, let: { new: result } }
  const scope = scopeOf(result, { let: variables })
  const names = Object.keys(variables ?? {})
  const bound = Object.entries(given ?? {}).map(([name, value]) => [
    name,
    compileExpression(value, { collation, variables: names })(scope),
  ])
  return { update: whenMatched, let: { new: result, ...variables, ...Object.fromEntries(bound) }, collation }
}

function identifyingFilter(document: Document, on: readonly string[], allowsNull: boolean): Document {
  const conditions = on.map((path) => {
    const value = readAtPath(document, path.split('.'))
    if (Array.isArray(value)) {
      throw locationError(51185, `$merge write error: 'on' field '${path}' cannot be an array`)
    }
    if (!allowsNull && isNullish(value)) {
      throw locationError(
        51132,
        `$merge write error: 'on' field '${path}' cannot be missing, null or undefined if supporting index is sparse`,
      )
    }
    return [path, { $eq: value ?? null }]
  })
  return Object.fromEntries(conditions)
}

function supportingIndex(
  collection: Collection | undefined,
  on: readonly string[],
  collation: Collation | undefined,
): { sparse: boolean } | undefined {
  const wanted = new Set(on)
  for (const { definition } of collection?.indexes.values() ?? []) {
    const { fields, unique, partial } = definition
    if (!unique || partial !== undefined || !sameCollation(definition.collation, collation)) continue
    if (fields.length === wanted.size && fields.every(({ path }) => wanted.has(path))) return definition
  }
  return undefined
}
