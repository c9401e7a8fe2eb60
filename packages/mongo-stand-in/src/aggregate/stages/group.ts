import { type Document, Int32 } from 'bson'
import { indexKey } from '../../bson/index-key.ts'
import { isDocument } from '../../bson/value-type.ts'
import { sortDocuments } from '../../query/sort.ts'
import { locationError } from '../../server-error.ts'
import { type AccumulatedField, compileAccumulatedField } from '../accumulated-field.ts'
import type { Accumulator } from '../accumulators.ts'
import { compileExpression, type Evaluate } from '../expression.ts'
import { documentScope, type PipelineContext, type StageCompiler, type StageEnvironment } from '../stage.ts'

interface Group {
  id: unknown
  accumulators: Accumulator[]
}

/** `$group`: groups come out in the order in which their first document came in. */
export const group: StageCompiler = (spec, env) => {
  if (!isDocument(spec)) throw locationError(15947, "a group's fields must be specified in an object")
  if (!('_id' in spec)) throw locationError(15955, 'a group specification must include an _id')
  const id = compileExpression(spec._id, env)
  const fields = Object.entries(spec)
    .filter(([name]) => name !== '_id')
    .map(([name, accumulator]) => compileAccumulatedField(name, accumulator, env))
  return function* (input, context) {
    yield* grouped(input, id, fields, env, context)
  }
}

/** `$sortByCount: expression` is `$group` with a count, and the largest groups first. */
export const sortByCount: StageCompiler = (spec, env) => {
  if (!isDocument(spec) && !(typeof spec === 'string' && spec.startsWith('$'))) {
    throw locationError(
      typeof spec === 'string' ? 40148 : 40149,
      'the sortByCount field must be specified as a $-prefixed path or an object',
    )
  }
  const counted = group({ _id: spec, count: { $sum: new Int32(1) } }, env)
  return function* (input, context) {
    yield* sortDocuments(counted(input, context), { count: new Int32(-1) })
  }
}

/** Gathers documents by the value of an expression; `$bucket` uses it too. */
export function* grouped(
  input: Iterable<Document>,
  id: Evaluate,
  fields: readonly AccumulatedField[],
  env: StageEnvironment,
  context: PipelineContext,
): Iterable<Document> {
  const groups = new Map<string, Group>()
  for (const document of input) {
    const scope = documentScope(document, context)
    const value = id(scope) ?? null
    const key = indexKey(value, env.collation)
    let found = groups.get(key)
    if (found === undefined) {
      found = { id: value, accumulators: fields.map((field) => field.start(env.collation, scope)) }
      groups.set(key, found)
    }
    for (const [at, field] of fields.entries()) found.accumulators[at]?.add(field.evaluate(scope))
  }
  for (const { id: value, accumulators } of groups.values()) {
    yield {
      _id: value,
      ...Object.fromEntries(fields.map(({ name }, at) => [name, accumulators[at]?.result()])),
    }
  }
}
