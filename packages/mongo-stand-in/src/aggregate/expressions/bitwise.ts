import { Int32, type Long } from 'bson'
import { integerResult, numberType, toInteger } from '../../bson/number.ts'
import { isNullish, typeOf } from '../../bson/value-type.ts'
import { typeMismatch } from '../../server-error.ts'
import { type OperatorCompiler, type OperatorTable, positional, unary } from './operator.ts'

/** Bits of ints and longs; one long among the arguments makes the result a long. */
export const BITWISE: OperatorTable = {
  $bitAnd: bitwise('$bitAnd', -1n, (a, b) => a & b),
  $bitOr: bitwise('$bitOr', 0n, (a, b) => a | b),
  $bitXor: bitwise('$bitXor', 0n, (a, b) => a ^ b),
  $bitNot: unary('$bitNot', (value) => {
    if (isNullish(value)) return null
    const type = numberType(value)
    if (type !== 'int' && type !== 'long') {
      throw typeMismatch(`$bitNot only supports int and long, not: ${typeOf(value)}.`)
    }
    return integerResult(~(toInteger(value) ?? 0n), type)
  }),
}

function bitwise(name: string, identity: bigint, apply: (a: bigint, b: bigint) => bigint): OperatorCompiler {
  return positional(name, [0, Number.POSITIVE_INFINITY], (values) => {
    if (values.some(isNullish)) return null
    const types = values.map(numberType)
    if (!types.every((type) => type === 'int' || type === 'long')) {
      throw typeMismatch(`${name} only supports int and long operands.`)
    }
    const result = values.reduce<bigint>((bits, value) => apply(bits, toInteger(value) ?? 0n), identity)
    return integer(result, types.includes('long'))
  })
}

function integer(value: bigint, wide: boolean): Int32 | Long | undefined {
  return wide ? integerResult(value, 'long') : new Int32(Number(value))
}
