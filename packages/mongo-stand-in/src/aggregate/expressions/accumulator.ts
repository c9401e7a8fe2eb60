import { ACCUMULATORS } from '../accumulators.ts'
import { compileQuantile } from '../quantile.ts'
import type { OperatorCompiler, OperatorTable } from './operator.ts'

/** Accumulators outside of `$group`: over the elements of a single array argument, or over the list of arguments. */
export const ACCUMULATOR_EXPRESSIONS: OperatorTable = {
  $sum: overValues('$sum'),
  $avg: overValues('$avg'),
  $min: overValues('$min'),
  $max: overValues('$max'),
  $stdDevPop: overValues('$stdDevPop'),
  $stdDevSamp: overValues('$stdDevSamp'),
  $median: quantile('$median'),
  $percentile: quantile('$percentile'),
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

/** Over the elements of an array, or over a single number. */
function quantile(name: string): OperatorCompiler {
  return (operand, { compile }) => {
    const { input, of } = compileQuantile(name, operand, compile)
    return (scope) => {
      const value = input(scope)
      return of(Array.isArray(value) ? value : [value], scope)
    }
  }
}
