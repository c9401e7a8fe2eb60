import type { Collation } from '../../bson/compare.ts'
import { isDocument, isNullish } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'

/** What an expression is evaluated against. */
export interface Scope {
  /** The document that `$$ROOT` and plain field paths mean. */
  readonly root: unknown
  readonly variables: Readonly<Record<string, unknown>>
  readonly now: Date
}

/** A compiled expression; `undefined` is the result "no value" (a missing field, `$$REMOVE`). */
export type Evaluate = (scope: Scope) => unknown

export interface OperatorContext {
  readonly collation: Collation | undefined
  /** Compiles an argument; `variables` are the names that it may use beyond those of its surroundings. */
  compile(spec: unknown, variables?: readonly string[]): Evaluate
}

/** Compiles one operator, given what stands behind its name. */
export type OperatorCompiler = (operand: unknown, context: OperatorContext) => Evaluate

export type OperatorTable = Readonly<Record<string, OperatorCompiler>>

/** An operator with a list of arguments; a single argument may stand without its list. */
export function positional(
  name: string,
  [least, most]: readonly [least: number, most: number],
  apply: (values: unknown[], context: OperatorContext, scope: Scope) => unknown,
): OperatorCompiler {
  return (operand, context) => {
    const list = Array.isArray(operand) ? operand : [operand]
    if (list.length < least || list.length > most) throw wrongCount(name, least, most, list.length)
    const args = list.map((spec) => context.compile(spec))
    return (scope) =>
      apply(
        args.map((evaluate) => evaluate(scope)),
        context,
        scope,
      )
  }
}

/** An operator with one argument. */
export function unary(
  name: string,
  apply: (value: unknown, context: OperatorContext) => unknown,
): OperatorCompiler {
  return positional(name, [1, 1], ([value], context) => apply(value, context))
}

/** An operator with a document of named arguments, each an expression. */
export function named(
  name: string,
  fields: { required: readonly string[]; optional?: readonly string[] },
  apply: (values: Record<string, unknown>, context: OperatorContext, scope: Scope) => unknown,
): OperatorCompiler {
  return (operand, context) => {
    const given = namedOperand(name, operand, fields)
    const args = Object.entries(given).map(([field, spec]) => [field, context.compile(spec)] as const)
    return (scope) =>
      apply(Object.fromEntries(args.map(([field, run]) => [field, run(scope)])), context, scope)
  }
}

/** Whether one of the arguments was given and has no value: most operators then give null. */
export function givenWithoutValue(values: Record<string, unknown>, ...names: readonly string[]): boolean {
  return names.some((name) => name in values && isNullish(values[name]))
}

/** Checks the document of named arguments, for operators that compile some of them in their own way. */
export function namedOperand(
  name: string,
  operand: unknown,
  { required, optional = [] }: { required: readonly string[]; optional?: readonly string[] },
): Record<string, unknown> {
  if (!isDocument(operand)) throw locationError(40321, `${name} only supports an object as its argument`)
  for (const field of Object.keys(operand)) {
    if (!required.includes(field) && !optional.includes(field)) {
      throw locationError(40325, `Unrecognized argument to ${name}: ${field}`)
    }
  }
  for (const field of required) {
    if (!(field in operand)) throw locationError(40326, `Missing '${field}' parameter to ${name}`)
  }
  return operand
}

function wrongCount(name: string, least: number, most: number, given: number): Error {
  const wanted = least === most ? `exactly ${least}` : `at least ${least} arguments, and at most ${most}`
  return locationError(16020, `Expression ${name} takes ${wanted} arguments. ${given} were passed in.`)
}
