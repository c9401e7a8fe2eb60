import { compileExpression, scopeOf } from '../aggregate/expression.ts'
import { isTrue } from '../bson/truth.ts'
import type { Predicate, QueryEnvironment } from './predicate.ts'

/** `$expr`: an aggregation expression whose result counts as true or false. */
export function expressionPredicate(expression: unknown, env: QueryEnvironment): Predicate {
  const evaluate = compileExpression(expression, {
    collation: env.collation,
    variables: Object.keys(env.let ?? {}),
  })
  return (document) => isTrue(evaluate(scopeOf(document, { let: env.let })))
}
