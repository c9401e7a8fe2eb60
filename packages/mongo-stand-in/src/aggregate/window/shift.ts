import { toSafeInteger } from '../../bson/number.ts'
import { isDocument, isNumber } from '../../bson/value-type.ts'
import { failedToParse } from '../../server-error.ts'
import { compileExpression } from '../expression.ts'
import type { WindowFunctionCompiler } from './window-function.ts'

/** `$shift`: an expression over the document some places before or behind, or a default where there is none. */
export const shift: WindowFunctionCompiler = (operand, { window, sortBy, env }) => {
  if (window !== undefined) throw failedToParse("$shift does not accept a 'window' field")
  if (sortBy === undefined) throw failedToParse('$shift requires a sortBy')
  if (!isDocument(operand)) throw failedToParse('Argument to $shift must be an object')
  const { output, by, default: fallback = null, ...unknown } = operand
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw failedToParse(`Unknown argument in $shift: ${extra}`)
  if (output === undefined) throw failedToParse("$shift requires an 'output' expression.")
  const offset = isNumber(by) ? toSafeInteger(by) : undefined
  if (offset === undefined) throw failedToParse("'$shift:by' field must be an integer")
  const evaluate = compileExpression(output, env)
  const otherwise = compileExpression(fallback, env)
  return ({ scopes }) =>
    scopes.map((here, at) => {
      const scope = scopes[at + offset]
      return scope === undefined ? otherwise({ ...here, root: {} }) : (evaluate(scope) ?? null)
    })
}
