import { addNumbers, multiplyNumbers, type OnLongOverflow } from '../../bson/number.ts'
import { isNumber, typeOf } from '../../bson/value-type.ts'
import { badValue, typeMismatch } from '../../server-error.ts'
import type { UpdateOperator } from './operator.ts'

type Arithmetic = (a: unknown, b: unknown, onOverflow: OnLongOverflow) => unknown

export const increment: UpdateOperator = arithmetic('$inc', 'increment', addNumbers, (operand) => operand)

/** `$mul` makes a missing field zero, of the operand's type: a zero times the operand. */
export const multiply: UpdateOperator = arithmetic('$mul', 'multiply', multiplyNumbers, (operand) =>
  multiplyNumbers(0, operand),
)

function arithmetic(
  name: string,
  verb: string,
  apply: Arithmetic,
  whenMissing: (operand: unknown) => unknown,
): UpdateOperator {
  return (operand, { path }) => {
    if (!isNumber(operand)) {
      throw typeMismatch(`Cannot ${verb} with non-numeric argument: {${path}: ${String(operand)}}`)
    }
    return (location, { document }) => {
      const current = location.read()
      if (current === undefined) {
        location.write(whenMissing(operand))
        return
      }
      if (!isNumber(current)) {
        throw typeMismatch(
          `Cannot apply ${name} to a value of non-numeric type. {_id: ${String(document._id)}} has the field '${location.path}' of non-numeric type ${typeOf(current)}`,
        )
      }
      location.write(
        apply(current, operand, () => {
          throw badValue(
            `Failed to apply ${name} operations to current value (${String(current)}) for document {_id: ${String(document._id)}}`,
          )
        }),
      )
    }
  }
}
