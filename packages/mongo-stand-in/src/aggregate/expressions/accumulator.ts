import { ACCUMULATORS } from '../accumulators.ts'
import type { OperatorCompiler, OperatorTable } from './operator.ts'

/** Accumulators outside of `$group`: over the elements of a single array argument, or over the list of arguments. */
export const ACCUMULATOR_EXPRESSIONS: OperatorTable = {
  $sum: overValues('$sum'),
  $avg: overValues('$avg'),
  $min: overValues('$min'),
  $max: overValues('$max'),
}

function overValues(name: string): OperatorCompiler {
  return (operand, { compile, collation }) => {
    const list = Array.isArray(operand) ? operand : [operand]
    const args = list.map((spec) => compile(spec))
    return (scope) => {
      const values = args.map((evaluate) => evaluate(scope))
      const [only] = values
      const accumulator = ACCUMULATORS[name]?.(collation)
      for (const value of values.length === 1 && Array.isArray(only) ? only : values) accumulator?.add(value)
      return accumulator?.result()
    }
  }
}
