import { integerResult, numberType, toInteger, widerType } from '../../bson/number.ts'
import { isDocument, typeOf } from '../../bson/value-type.ts'
import { badValue } from '../../server-error.ts'
import type { UpdateOperator } from './operator.ts'

const OPERATIONS: Record<string, (a: bigint, b: bigint) => bigint> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

/** `$bit: { and | or | xor: integer }`; a missing field counts as an int 0. */
export const bit: UpdateOperator = (operand, { path }) => {
  if (!isDocument(operand) || Object.keys(operand).length === 0) {
    throw badValue(
      `The $bit modifier is not compatible with a ${typeOf(operand)}. You must pass in an embedded document`,
    )
  }
  const steps = Object.entries(operand).map(([name, value]) => {
    const operation = OPERATIONS[name]
    if (operation === undefined)
      throw badValue(`The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`)
    return { operation, value: integerOperand(path, value), type: numberType(value) ?? 'int' }
  })
  return (location) => {
    const current = location.read()
    let type = current === undefined ? 'int' : numberType(current)
    let result = current === undefined ? 0n : integerOperand(location.path, current)
    for (const step of steps) {
      result = step.operation(result, step.value)
      type = widerType(type ?? 'int', step.type)
    }
    location.write(integerResult(result, type ?? 'int'))
  }
}

function integerOperand(path: string, value: unknown): bigint {
  const type = typeOf(value)
  const integer = type === 'int' || type === 'long' ? toInteger(value) : undefined
  if (integer === undefined)
    throw badValue(
      `The $bit modifier field must be an Integer(32/64 bit); a '${type}' is not supported here: {${path}}`,
    )
  return integer
}
