import type { Document } from 'bson'
import { compileExpression, scopeOf } from '../aggregate/expression.ts'
import { documentField } from './fields.ts'

/** The `let` of a command with its expressions evaluated: they see no document, only the time. */
export function letVariables(command: Document): Document | undefined {
  const variables = documentField(command, 'let')
  if (variables === undefined) return undefined
  const scope = scopeOf({}, { now: new Date() })
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, compileExpression(value)(scope)]),
  )
}
