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
  const { into, on, whenMatched, whenNotMatched, let: variables, ...unknown } = spec
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw locationError(40415, `BSON field '$merge.${extra}' is an unknown field.`)
  const merge: WriteTarget = {
    kind: '$merge',
    ...target(into),
    on: identifyingFields(on),
    whenMatched: matchedAction(whenMatched),
    whenNotMatched: notMatchedAction(whenNotMatched),
    let: mergeVariables(variables, whenMatched),
  }
  assertModesFit(merge.whenMatched, merge.whenNotMatched)
  return merge
}

/** Who keeps or refuses what is there can only want new documents in. */
function assertModesFit(matched: unknown, notMatched: string): void {
  if ((matched !== 'keepExisting' && matched !== 'fail') || notMatched === 'insert') return
  throw locationError(
    51181,
    `Combination of $merge modes 'whenMatched: ${matched}' and 'whenNotMatched: ${notMatched}' is not supported`,
  )
}

function mergeVariables(variables: unknown, whenMatched: unknown): Document | undefined {
  if (variables === undefined) return undefined
  if (!isDocument(variables)) throw locationError(51187, "$merge 'let' must be an object")
  if (!Array.isArray(whenMatched)) {
    throw locationError(
      51199,
      `Cannot use 'let' variables with 'whenMatched: ${String(whenMatched ?? 'merge')}' mode`,
    )
  }
  if ('new' in variables && variables.new !== '$$ROOT') {
    throw locationError(
      51273,
      "'let' may not define a value for the reserved 'new' variable other than '$$ROOT'",
    )
  }
  return variables
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
