import type { Document } from 'bson'
import type { Collation } from '../bson/compare.ts'
import { ownField, setOwnField } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'
import { failedToParse, locationError, notSupported, serverError } from '../server-error.ts'
import { findOperator, isKnownOperator } from './expressions/index.ts'
import type { Evaluate, Scope } from './expressions/operator.ts'

export type { Evaluate, Scope } from './expressions/operator.ts'

export interface ExpressionEnvironment {
  collation?: Collation
  /** Names of the variables that the expression may use, beside those of the system. */
  variables?: readonly string[]
}

const SYSTEM_VARIABLES = new Set(['ROOT', 'CURRENT', 'NOW', 'REMOVE'])

/**
 * Compiles an aggregation expression: a literal, a field path (`$a.b`), a variable (`$$name.path`), an array, a
 * document of expressions, or an operator.
 *
 * @throws ServerError InvalidPipelineOperator (168) for an operator that does not exist, NotImplemented for one that the
 *   stand-in leaves out, and the operator's own errors for bad arguments.
 */
export function compileExpression(spec: unknown, env: ExpressionEnvironment = {}): Evaluate {
  if (typeof spec === 'string') return spec.startsWith('$') ? compilePath(spec, env) : () => spec
  if (Array.isArray(spec)) return compileArray(spec, env)
  if (!isDocument(spec)) return () => spec
  const [first] = Object.keys(spec)
  return first?.startsWith('$') ? compileOperator(first, spec, env) : compileDocument(spec, env)
}

/** The surroundings of an evaluation for one document. */
export function scopeOf(
  root: unknown,
  { let: variables = {}, now = new Date() }: { let?: Document; now?: Date },
): Scope {
  return { root, variables, now }
}

function compileOperator(name: string, spec: Document, env: ExpressionEnvironment): Evaluate {
  const count = Object.keys(spec).length
  if (count !== 1) {
    throw locationError(
      15983,
      `An object representing an expression must have exactly one field, found ${count}, the first is ${name}`,
    )
  }
  const compiler = findOperator(name)
  if (compiler !== undefined) {
    return compiler(spec[name], {
      collation: env.collation,
      compile: (argument, variables = []) =>
        compileExpression(argument, { ...env, variables: [...(env.variables ?? []), ...variables] }),
    })
  }
  if (isKnownOperator(name)) throw notSupported(name)
  throw serverError(168, 'InvalidPipelineOperator', `Unrecognized expression '${name}'`)
}

function compileArray(specs: unknown[], env: ExpressionEnvironment): Evaluate {
  const elements = specs.map((element) => compileExpression(element, env))
  // An element without value is null, while a field without value is left out.
  return (scope) => elements.map((evaluate) => evaluate(scope) ?? null)
}

function compileDocument(spec: Document, env: ExpressionEnvironment): Evaluate {
  const fields = Object.entries(spec).map(([name, value]) => {
    if (name.startsWith('$'))
      throw locationError(16410, `FieldPath field names may not start with '$': ${name}`)
    if (name.includes('.')) throw locationError(16412, `FieldPath field names may not contain '.': ${name}`)
    return [name, compileExpression(value, env)] as const
  })
  return (scope) => {
    const result: Document = {}
    for (const [name, evaluate] of fields) {
      const value = evaluate(scope)
      if (value !== undefined) setOwnField(result, name, value)
    }
    return result
  }
}

function compilePath(path: string, env: ExpressionEnvironment): Evaluate {
  if (path.startsWith('$$')) return compileVariable(path.slice(2), env)
  return atPath((scope) => scope.root, fieldNames(path.slice(1)))
}

function compileVariable(text: string, env: ExpressionEnvironment): Evaluate {
  const [name = '', ...rest] = fieldNames(text)
  if (env.variables?.includes(name)) return atPath((scope) => scope.variables[name], rest)
  if (!SYSTEM_VARIABLES.has(name)) {
    if (/^(CLUSTER_TIME|JS_SCOPE|SEARCH_META|USER_ROLES)$/.test(name)) throw notSupported(`$$${name}`)
    throw locationError(17276, `Use of undefined variable: ${name}`)
  }
  if (name === 'REMOVE') return () => undefined
  return atPath(name === 'NOW' ? (scope) => scope.now : (scope) => scope.root, rest)
}

function fieldNames(path: string): string[] {
  const names = path.split('.')
  for (const name of names) {
    if (name === '') throw failedToParse(`FieldPath field names may not be empty strings: '$${path}'`)
    if (name.startsWith('$'))
      throw locationError(16410, `FieldPath field names may not start with '$': '${path}'`)
  }
  return names
}

function atPath(start: Evaluate, names: readonly string[]): Evaluate {
  const [only] = names
  if (only === undefined) return start
  return (scope) => follow(start(scope), names, 0)
}

/** A path through an array gives the array of what its documents hold there. */
function follow(value: unknown, names: readonly string[], at: number): unknown {
  const name = names[at]
  if (name === undefined) return value
  if (Array.isArray(value)) {
    return value.map((element) => follow(element, names, at)).filter((found) => found !== undefined)
  }
  return isDocument(value) ? follow(ownField(value, name), names, at + 1) : undefined
}
