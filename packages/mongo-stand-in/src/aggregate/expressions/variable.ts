import { Double } from 'bson'
import { isDocument } from '../../bson/value-type.ts'
import { failedToParse, locationError } from '../../server-error.ts'
import { namedOperand, type OperatorTable } from './operator.ts'

/** `$literal`, `$let` and `$rand`. */
export const VARIABLE: OperatorTable = {
  $literal: (operand) => () => operand,
  $const: (operand) => () => operand,

  $let: (operand, context) => {
    const { vars, in: body } = namedOperand('$let', operand, { required: ['vars', 'in'] })
    if (!isDocument(vars)) throw locationError(10065, 'invalid parameter: expected an object (vars)')
    const bindings = Object.entries(vars).map(([name, spec]) => {
      checkVariableName(name)
      return [name, context.compile(spec)] as const
    })
    const evaluate = context.compile(body, Object.keys(vars))
    return (scope) => {
      const bound = Object.fromEntries(bindings.map(([name, run]) => [name, run(scope)]))
      return evaluate({ ...scope, variables: { ...scope.variables, ...bound } })
    }
  },

  $rand: () => () => new Double(Math.random()),
}

/** User variables begin with a lower-case letter, so that they never hide one of the system. */
export function checkVariableName(name: string): void {
  if (!/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(name)) {
    throw failedToParse(`'${name}' starts with an invalid character for a user variable name`)
  }
}
