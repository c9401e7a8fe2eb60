import type { Document } from 'bson'
import { isDocument, typeOf } from '../bson/value-type.ts'
import { badValue, failedToParse, locationError } from '../server-error.ts'

/** Where `$out` and `$merge` put the result of a pipeline. */
export type WriteTarget =
  | { kind: '$out'; db: string | undefined; collection: string }
  | {
      kind: '$merge'
      db: string | undefined
      collection: string
      /** The fields that identify a document of the target. */
      on: string[]
      /** A pipeline sees the new document as `$$new`, and what `let` says. */
      whenMatched: 'replace' | 'keepExisting' | 'merge' | 'fail' | Document[]
      whenNotMatched: 'insert' | 'discard' | 'fail'
      /** Expressions over the new document, not evaluated yet. */
      let: Document | undefined
    }

/** Reads `$out: 'name'` or `$out: { db, coll }`. */
export function parseOut(spec: unknown): WriteTarget {
  if (typeof spec === 'string') return { kind: '$out', db: undefined, collection: spec }
  if (!isDocument(spec) || typeof spec.coll !== 'string' || typeof spec.db !== 'string') {
    throw locationError(16990, `$out only supports a string or object argument, but found ${typeOf(spec)}`)
  }
  return { kind: '$out', db: spec.db, collection: spec.coll }
}

/** Reads `$merge`. */
export function parseMerge(spec: unknown): WriteTarget {
  if (typeof spec === 'string') return parseMerge({ into: spec })
  if (!isDocument(spec))
    throw locationError(51182, `$merge requires a string or object argument, but found ${typeOf(spec)}`)
  const { db, collection } = target(spec.into)
  return {
    kind: '$merge',
    db,
    collection,
    on: identifyingFields(spec.on),
    whenMatched: matchedAction(spec.whenMatched),
    whenNotMatched: notMatchedAction(spec.whenNotMatched),
    let: isDocument(spec.let) ? spec.let : undefined,
  }
}

function target(into: unknown): { db: string | undefined; collection: string } {
  if (typeof into === 'string') return { db: undefined, collection: into }
  if (!isDocument(into) || typeof into.coll !== 'string') {
    throw locationError(51178, "$merge 'into' field must specify a 'coll' that is not empty")
  }
  return { db: typeof into.db === 'string' ? into.db : undefined, collection: into.coll }
}

function identifyingFields(on: unknown): string[] {
  const fields = on === undefined ? ['_id'] : Array.isArray(on) ? on : [on]
  if (fields.length === 0 || !fields.every((field) => typeof field === 'string')) {
    throw locationError(51186, "$merge 'on' field must be either a string or an array of strings")
  }
  return fields
}

function matchedAction(action: unknown): Extract<WriteTarget, { kind: '$merge' }>['whenMatched'] {
  if (action === undefined) return 'merge'
  if (Array.isArray(action)) return action
  if (action === 'replace' || action === 'keepExisting' || action === 'merge' || action === 'fail')
    return action
  throw badValue(`Enumeration value '${String(action)}' for field 'whenMatched' is not a valid value.`)
}

function notMatchedAction(action: unknown): 'insert' | 'discard' | 'fail' {
  if (action === undefined) return 'insert'
  if (action === 'insert' || action === 'discard' || action === 'fail') return action
  throw failedToParse(
    `Enumeration value '${String(action)}' for field '$merge.whenNotMatched' is not a valid value.`,
  )
}
