import type { Document } from 'bson'
import { setOwnField } from '../../bson/path.ts'
import { isDocument } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { compileExpression, type Evaluate, type Scope } from '../expression.ts'
import { documentScope, type StageCompiler } from '../stage.ts'

/** What the three variables stand for, as a mongod has it. */
const DECISIONS = { KEEP: 'keep', PRUNE: 'prune', DESCEND: 'descend' } as const

/** `$redact`: keeps or drops a document and, level by level, the documents within, by one expression. */
export const redact: StageCompiler = (spec, env) => {
  // ROOT stays the whole document while field paths mean the level that is looked at.
  const variables = [...(env.variables ?? []), ...Object.keys(DECISIONS), 'ROOT']
  const decide = compileExpression(spec, { ...env, variables })
  return function* (input, context) {
    for (const document of input) {
      const scope = documentScope(document, context)
      const variables = { ...scope.variables, ...DECISIONS, ROOT: document }
      const kept = redacted(document, { ...scope, variables }, decide)
      if (kept !== undefined) yield kept
    }
  }
}

function redacted(document: Document, surroundings: Scope, decide: Evaluate): Document | undefined {
  const scope = { ...surroundings, root: document }
  const decision = decide(scope)
  if (decision === DECISIONS.KEEP) return document
  if (decision === DECISIONS.PRUNE) return undefined
  if (decision !== DECISIONS.DESCEND) {
    throw locationError(
      17053,
      `$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned ${String(decision)}`,
    )
  }
  const result: Document = {}
  for (const [name, value] of Object.entries(document)) {
    const kept = redactedValue(value, scope, decide)
    if (kept !== undefined) setOwnField(result, name, kept)
  }
  return result
}

function redactedValue(value: unknown, scope: Scope, decide: Evaluate): unknown {
  if (isDocument(value)) return redacted(value, scope, decide)
  if (!Array.isArray(value)) return value
  return value
    .map((element) => redactedValue(element, scope, decide))
    .filter((element) => element !== undefined)
}
