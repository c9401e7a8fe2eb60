import { Int32 } from 'bson'
import { type Collation, compareValues } from '../bson/compare.ts'
import { isDocument, isNullish } from '../bson/value-type.ts'
import { locationError, notSupported } from '../server-error.ts'
import { ACCUMULATORS, type Accumulator } from './accumulators.ts'
import { compileExpression, type Evaluate, type ExpressionEnvironment, type Scope } from './expression.ts'
import { countOf } from './expressions/array.ts'
import { namedOperand } from './expressions/operator.ts'
import { compileOrderedField, isOrderedOperator } from './ordered-field.ts'
import { compileQuantile, quantileAccumulator } from './quantile.ts'

/** A field of `$group` or `$bucket`: what it takes of each document, and how it gathers that. */
export interface AccumulatedField {
  name: string
  evaluate: Evaluate
  /** Starts a group, within the scope of its first document. */
  start(collation: Collation | undefined, scope: Scope): Accumulator
}

/** The accumulators of `{ input, n }`, with what they do once all values are there. */
const BOUNDED: Readonly<
  Record<string, (values: unknown[], n: number, collation: Collation | undefined) => unknown[]>
> = {
  $firstN: (values, n) => values.slice(0, n),
  $lastN: (values, n) => values.slice(-n),
  $maxN: (values, n, collation) => ordered(values, (a, b) => compareValues(b, a, collation)).slice(0, n),
  $minN: (values, n, collation) => ordered(values, (a, b) => compareValues(a, b, collation)).slice(0, n),
}

const LEFT_OUT = new Set(['$accumulator'])

export function compileAccumulatedField(
  name: string,
  spec: unknown,
  env: ExpressionEnvironment,
): AccumulatedField {
  if (name.includes('.')) throw locationError(40235, `The field name '${name}' cannot contain '.'`)
  if (name.startsWith('$')) throw locationError(40236, `The field name '${name}' cannot be an operator name`)
  if (!isDocument(spec)) throw locationError(40234, `The field '${name}' must be an accumulator object`)
  const [operator, ...more] = Object.keys(spec)
  if (operator === undefined || more.length > 0) {
    throw locationError(40238, `The field '${name}' must specify one accumulator`)
  }
  const operand: unknown = spec[operator]
  if (operator === '$count') return countField(name, operand)
  const bounded = Object.hasOwn(BOUNDED, operator) ? BOUNDED[operator] : undefined
  if (bounded !== undefined) return boundedField(name, operator, operand, bounded, env)
  if (isOrderedOperator(operator)) return compileOrderedField(name, operator, operand, env)
  if (operator === '$median' || operator === '$percentile') {
    const quantile = compileQuantile(operator, operand, (argument) => compileExpression(argument, env))
    return {
      name,
      evaluate: quantile.input,
      start: (_collation, scope) => quantileAccumulator(quantile, scope),
    }
  }
  const factory = Object.hasOwn(ACCUMULATORS, operator) ? ACCUMULATORS[operator] : undefined
  if (factory === undefined) {
    throw LEFT_OUT.has(operator)
      ? notSupported(operator)
      : locationError(15952, `unknown group operator '${operator}'`)
  }
  if (Array.isArray(operand)) throw locationError(40237, `The ${operator} accumulator is a unary operator`)
  return { name, evaluate: compileExpression(operand, env), start: factory }
}

function countField(name: string, operand: unknown): AccumulatedField {
  if (!isDocument(operand) || Object.keys(operand).length > 0) {
    throw locationError(40326, '$count takes no arguments, i.e. $count:{}')
  }
  const one = new Int32(1)
  return { name, evaluate: () => one, start: (collation) => startSum(collation) }
}

function startSum(collation: Collation | undefined): Accumulator {
  const factory = ACCUMULATORS.$sum
  if (factory === undefined) throw new Error('The table of accumulators has no $sum')
  return factory(collation)
}

function boundedField(
  name: string,
  operator: string,
  operand: unknown,
  finish: (values: unknown[], n: number, collation: Collation | undefined) => unknown[],
  env: ExpressionEnvironment,
): AccumulatedField {
  const args = namedOperand(operator, operand, { required: ['input', 'n'] })
  const n = compileExpression(args.n, env)
  return {
    name,
    evaluate: compileExpression(args.input, env),
    start: (collation, scope) => {
      const count = countOf(operator, n(scope))
      const values: unknown[] = []
      return { add: (value) => values.push(value ?? null), result: () => finish(values, count, collation) }
    },
  }
}

function ordered(values: unknown[], order: (a: unknown, b: unknown) => number): unknown[] {
  return values.filter((value) => !isNullish(value)).sort(order)
}
