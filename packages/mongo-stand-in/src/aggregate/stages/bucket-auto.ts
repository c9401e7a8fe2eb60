import { type Document, Int32 } from 'bson'
import { compareValues } from '../../bson/compare.ts'
import { toSafeInteger } from '../../bson/number.ts'
import { isDocument, isNumber, typeOf } from '../../bson/value-type.ts'
import { locationError, notSupported } from '../../server-error.ts'
import { type AccumulatedField, compileAccumulatedField } from '../accumulated-field.ts'
import { compileExpression, type Scope } from '../expression.ts'
import { documentScope, type StageCompiler, type StageEnvironment } from '../stage.ts'

interface Entry {
  value: unknown
  scope: Scope
}

/**
 * `$bucketAuto`: cuts the values into buckets of about equal size. Equal values stay together, so there may be fewer
 * buckets; each ends where the next one begins, and the last one at its greatest value.
 */
export const bucketAuto: StageCompiler = (spec, env) => {
  const { groupBy, buckets, output } = bucketArguments(spec)
  const evaluate = compileExpression(groupBy, env)
  const fields = Object.entries(output).map(([name, accumulator]) =>
    compileAccumulatedField(name, accumulator, env),
  )
  return function* (input, context) {
    const entries = Array.from(input, (document): Entry => {
      const scope = documentScope(document, context)
      return { value: evaluate(scope) ?? null, scope }
    })
    entries.sort((a, b) => compareValues(a.value, b.value, env.collation))
    const filled = cut(entries, buckets, env)
    for (const [at, bucket] of filled.entries()) {
      const max = (filled[at + 1]?.[0] ?? bucket.at(-1))?.value
      yield { _id: { min: bucket[0]?.value, max }, ...accumulated(bucket, fields, env) }
    }
  }
}

function cut(entries: readonly Entry[], buckets: number, { collation }: StageEnvironment): Entry[][] {
  const size = Math.max(1, Math.round(entries.length / buckets))
  const filled: Entry[][] = []
  let from = 0
  while (from < entries.length && filled.length < buckets) {
    const isLast = filled.length === buckets - 1
    let end = isLast ? entries.length : Math.min(entries.length, from + size)
    while (
      end < entries.length &&
      compareValues(entries[end]?.value, entries[end - 1]?.value, collation) === 0
    )
      end++
    filled.push(entries.slice(from, end))
    from = end
  }
  return filled
}

function accumulated(
  bucket: readonly Entry[],
  fields: readonly AccumulatedField[],
  env: StageEnvironment,
): Document {
  const empty: Scope = { ...(bucket[0]?.scope ?? { variables: {}, now: new Date() }), root: {} }
  const results = fields.map((field) => {
    // There is no single group key that an argument such as `n` could be taken from.
    const accumulator = field.start(env.collation, empty)
    for (const { scope } of bucket) accumulator.add(field.evaluate(scope))
    return [field.name, accumulator.result()]
  })
  return Object.fromEntries(results)
}

function bucketArguments(spec: unknown): { groupBy: unknown; buckets: number; output: Document } {
  if (!isDocument(spec)) {
    throw locationError(
      40240,
      `The argument to $bucketAuto must be an object, but found type: ${typeOf(spec)}`,
    )
  }
  const { groupBy, buckets, output, granularity, ...unknown } = spec
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw locationError(40245, `Unrecognized option to $bucketAuto: ${extra}`)
  if (groupBy === undefined || buckets === undefined) {
    throw locationError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified")
  }
  const isPath = typeof groupBy === 'string' && groupBy.length > 1 && groupBy.startsWith('$')
  if (!isPath && !(isDocument(groupBy) && Object.keys(groupBy)[0]?.startsWith('$'))) {
    throw locationError(
      40239,
      "The $bucketAuto 'groupBy' field must be defined as a $-prefixed path or an expression object",
    )
  }
  if (granularity !== undefined) throw notSupported('$bucketAuto with granularity')
  if (output !== undefined && !isDocument(output)) {
    throw locationError(
      40244,
      `The $bucketAuto 'output' field must be an object, but found type: ${typeOf(output)}`,
    )
  }
  return { groupBy, buckets: bucketCount(buckets), output: output ?? { count: { $sum: new Int32(1) } } }
}

function bucketCount(buckets: unknown): number {
  if (!isNumber(buckets)) {
    throw locationError(
      40241,
      `The $bucketAuto 'buckets' field must be a numeric value, but found type: ${typeOf(buckets)}`,
    )
  }
  const count = toSafeInteger(buckets)
  if (count === undefined || count > 2147483647) {
    throw locationError(40242, "The $bucketAuto 'buckets' field must be representable as a 32-bit integer")
  }
  if (count <= 0)
    throw locationError(40243, `The $bucketAuto 'buckets' field must be greater than 0, but found: ${count}`)
  return count
}
