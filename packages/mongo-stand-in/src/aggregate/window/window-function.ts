import type { Document } from 'bson'
import { isDocument } from '../../bson/value-type.ts'
import { failedToParse, locationError } from '../../server-error.ts'
import { type AccumulatedField, compileAccumulatedField } from '../accumulated-field.ts'
import { compileExpression, type ExpressionEnvironment } from '../expression.ts'
import { covariance } from './covariance.ts'
import { linearFill, locf } from './fill-functions.ts'
import { expMovingAvg } from './moving-average.ts'
import type { WindowFunction } from './partition.ts'
import { denseRank, documentNumber, rank } from './rank.ts'
import { shift } from './shift.ts'
import { derivative, integral } from './slope.ts'
import { accumulateOver } from './window-accumulator.ts'
import { parseWindow, WHOLE_PARTITION } from './window-bounds.ts'

export interface WindowEnvironment {
  readonly sortBy: Document | undefined
  /** The `window` beside the operator, not read yet: some functions take none. */
  readonly window: unknown
  readonly env: ExpressionEnvironment
}

export type WindowFunctionCompiler = (operand: unknown, environment: WindowEnvironment) => WindowFunction

/** The functions that exist in windows alone; all others are the accumulators of `$group`. */
const FUNCTIONS: Readonly<Record<string, WindowFunctionCompiler>> = {
  $covariancePop: (operand, environment) => covarianceFunction('$covariancePop', operand, environment),
  $covarianceSamp: (operand, environment) => covarianceFunction('$covarianceSamp', operand, environment),
  $denseRank: denseRank,
  $derivative: derivative,
  $documentNumber: documentNumber,
  $expMovingAvg: expMovingAvg,
  $integral: integral,
  $linearFill: linearFill,
  $locf: locf,
  $rank: rank,
  $shift: shift,
}

const ACCUMULATORS = new Set(
  `$addToSet $avg $bottom $bottomN $count $first $firstN $last $lastN $max $maxN $median $min $minN $percentile $push
  $stdDevPop $stdDevSamp $sum $top $topN`.split(/\s+/),
)

/** Compiles `{ $function: argument, window: ... }`. */
export function compileWindowFunction(
  spec: unknown,
  sortBy: Document | undefined,
  env: ExpressionEnvironment,
): WindowFunction {
  if (!isDocument(spec)) throw failedToParse('The field must be an object')
  const { window, ...rest } = spec
  const [name, ...more] = Object.keys(rest)
  if (name === undefined || !name.startsWith('$')) {
    throw failedToParse(`Expected a $-prefixed window function${name === undefined ? '' : `, ${name}`}`)
  }
  const [extra] = more
  if (extra !== undefined) throw failedToParse(`Window function found an unknown argument: ${extra}`)
  const operand: unknown = rest[name]
  const compiler = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  if (compiler !== undefined) return compiler(operand, { sortBy, window, env })
  if (!ACCUMULATORS.has(name)) throw failedToParse(`Unrecognized window function, ${name}`)
  return accumulating(accumulatorField(name, operand, env), { sortBy, window, env })
}

/** Unlike in `$group`, a list as the argument is a list: one that is evaluated and gathered as it is. */
function accumulatorField(
  name: string,
  operand: unknown,
  env: ExpressionEnvironment,
): Pick<AccumulatedField, 'evaluate' | 'start'> {
  if (!Array.isArray(operand)) return compileAccumulatedField('value', { [name]: operand }, env)
  const field = compileAccumulatedField('value', { [name]: null }, env)
  return { evaluate: compileExpression(operand, env), start: field.start }
}

function accumulating(
  field: Pick<AccumulatedField, 'evaluate' | 'start'>,
  { sortBy, window, env }: WindowEnvironment,
): WindowFunction {
  const bounds = window === undefined ? WHOLE_PARTITION : parseWindow(window, sortBy)
  return accumulateOver(field, bounds, env.collation)
}

function covarianceFunction(
  name: '$covariancePop' | '$covarianceSamp',
  operand: unknown,
  environment: WindowEnvironment,
): WindowFunction {
  if (!Array.isArray(operand) || operand.length !== 2) {
    throw locationError(16020, `Expression ${name} takes exactly 2 arguments.`)
  }
  const evaluate = compileExpression(operand, environment.env)
  return accumulating({ evaluate, start: () => covariance(name) }, environment)
}
