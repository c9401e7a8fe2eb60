import { Double } from 'bson'
import { toDouble } from '../bson/number.ts'
import { isNumber } from '../bson/value-type.ts'
import { badValue, notSupported } from '../server-error.ts'
import type { Accumulator } from './accumulators.ts'
import { type Evaluate, namedOperand, type Scope } from './expressions/operator.ts'

/** `$median` or `$percentile`, compiled: what it takes of a document, and what it makes of the numbers. */
export interface Quantile {
  input: Evaluate
  /** The numbers need no order; everything else is left out. */
  of(values: readonly unknown[], scope: Scope): unknown
}

/**
 * Compiles the argument of `$median` and `$percentile`. The method `approximate` gives, as a mongod does on small input,
 * the exact discrete percentile: a number that occurs, none between two.
 */
export function compileQuantile(
  name: string,
  operand: unknown,
  compile: (spec: unknown) => Evaluate,
): Quantile {
  const median = name === '$median'
  const args = namedOperand(name, operand, {
    required: median ? ['input', 'method'] : ['input', 'p', 'method'],
  })
  checkMethod(name, args.method)
  const input = compile(args.input)
  if (median) return { input, of: (values) => discrete(sortedNumbers(values), 0.5) }
  const p = compile(args.p)
  // A wrong constant fails at once; one that comes from a variable, when the variable is there.
  if (isConstant(args.p)) probabilities(p({ root: {}, variables: {}, now: new Date(0) }))
  return {
    input,
    of: (values, scope) => {
      const sorted = sortedNumbers(values)
      return probabilities(p(scope)).map((probability) => discrete(sorted, probability))
    },
  }
}

/** Gathers the values of a group. */
export function quantileAccumulator(quantile: Quantile, scope: Scope): Accumulator {
  const values: unknown[] = []
  return {
    add: (value) => {
      if (isNumber(value)) values.push(value)
    },
    result: () => quantile.of(values, scope),
  }
}

function checkMethod(name: string, method: unknown): void {
  if (method === 'approximate') return
  if (method === 'discrete' || method === 'continuous') throw notSupported(`${name} with method '${method}'`)
  throw badValue(`Currently only 'approximate' can be used as a percentile 'method'.`)
}

function isConstant(spec: unknown): boolean {
  return Array.isArray(spec)
    ? spec.every(isConstant)
    : (typeof spec !== 'object' && typeof spec !== 'string') || isNumber(spec)
}

function probabilities(p: unknown): number[] {
  const wrong = () => badValue("The $percentile 'p' field must be an array of numbers in [0.0, 1.0]")
  if (!Array.isArray(p) || p.length === 0 || !p.every(isNumber)) throw wrong()
  const numbers = p.map(toDouble)
  if (!numbers.every((probability) => probability >= 0 && probability <= 1)) throw wrong()
  return numbers
}

function sortedNumbers(values: readonly unknown[]): Float64Array {
  const numbers = values.filter(isNumber).map(toDouble)
  return Float64Array.from(numbers.filter((number) => !Number.isNaN(number))).sort()
}

function discrete(sorted: Float64Array, probability: number): Double | null {
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * probability) - 1))
  const value = sorted[at]
  return value === undefined ? null : new Double(value)
}
