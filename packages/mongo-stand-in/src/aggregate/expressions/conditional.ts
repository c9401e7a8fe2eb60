import { isTrue } from '../../bson/truth.ts'
import { isDocument, isNullish } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { namedOperand, type OperatorTable } from './operator.ts'

/** `$cond`, `$ifNull` and `$switch`: only the branch that is chosen is evaluated. */
export const CONDITIONAL: OperatorTable = {
  $cond: (operand, { compile }) => {
    const [condition, yes, no] = condArguments(operand)
    const test = compile(condition)
    const whenTrue = compile(yes)
    const whenFalse = compile(no)
    return (scope) => (isTrue(test(scope)) ? whenTrue(scope) : whenFalse(scope))
  },

  $ifNull: (operand, { compile }) => {
    const list = Array.isArray(operand) ? operand : [operand]
    if (list.length < 2) {
      throw locationError(1257300, `$ifNull needs at least two arguments, had: ${list.length}`)
    }
    const args = list.map((spec) => compile(spec))
    return (scope) => {
      let value: unknown
      for (const evaluate of args) {
        value = evaluate(scope)
        if (!isNullish(value)) return value
      }
      return value
    }
  },

  $switch: (operand, { compile }) => {
    const given = namedOperand('$switch', operand, { required: ['branches'], optional: ['default'] })
    if (!Array.isArray(given.branches) || given.branches.length === 0) {
      throw locationError(40068, '$switch requires at least one branch.')
    }
    const branches = given.branches.map((branch) => {
      const { case: condition, then: result } = namedOperand('$switch', branch, {
        required: ['case', 'then'],
      })
      return { test: compile(condition), result: compile(result) }
    })
    const fallback = 'default' in given ? compile(given.default) : undefined
    return (scope) => {
      const chosen = branches.find(({ test }) => isTrue(test(scope)))?.result ?? fallback
      if (chosen === undefined) {
        throw locationError(
          40066,
          '$switch could not find a matching branch for an input, and no default was specified.',
        )
      }
      return chosen(scope)
    }
  },
}

const COND_CODES = [
  ['if', 17080],
  ['then', 17081],
  ['else', 17082],
] as const

function condArguments(operand: unknown): unknown[] {
  if (isDocument(operand)) {
    const args = namedOperand('$cond', operand, { required: [], optional: ['if', 'then', 'else'] })
    for (const [name, code] of COND_CODES) {
      if (!(name in args)) throw locationError(code, `Missing '${name}' parameter to $cond`)
    }
    return [args.if, args.then, args.else]
  }
  if (!Array.isArray(operand) || operand.length !== 3) {
    const given = Array.isArray(operand) ? operand.length : 1
    throw locationError(16020, `Expression $cond takes exactly 3 arguments. ${given} were passed in.`)
  }
  return operand
}
