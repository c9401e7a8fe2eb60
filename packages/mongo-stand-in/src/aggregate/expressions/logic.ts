import { isTrue } from '../../bson/truth.ts'
import { type OperatorTable, unary } from './operator.ts'

/** `$and` and `$or` end at the first argument that decides, so a later one may guard against errors. */
export const LOGIC: OperatorTable = {
  $and: (operand, { compile }) => {
    const args = (Array.isArray(operand) ? operand : [operand]).map((spec) => compile(spec))
    return (scope) => args.every((evaluate) => isTrue(evaluate(scope)))
  },
  $or: (operand, { compile }) => {
    const args = (Array.isArray(operand) ? operand : [operand]).map((spec) => compile(spec))
    return (scope) => args.some((evaluate) => isTrue(evaluate(scope)))
  },
  $not: unary('$not', (value) => !isTrue(value)),
}
