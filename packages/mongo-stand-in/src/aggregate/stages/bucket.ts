import { Int32 } from 'bson'
import { type Collation, compareValues } from '../../bson/compare.ts'
import { isDocument, typeOrder } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { compileAccumulatedField } from '../accumulated-field.ts'
import { compileExpression } from '../expression.ts'
import { namedOperand } from '../expressions/operator.ts'
import type { StageCompiler } from '../stage.ts'
import { grouped } from './group.ts'

const ARGUMENTS = { required: ['groupBy', 'boundaries'], optional: ['default', 'output'] }

/** `$bucket`: groups by ranges, each from its boundary up to the next one; they come out in the order of their bounds. */
export const bucket: StageCompiler = (spec, env) => {
  const args = namedOperand('$bucket', spec, ARGUMENTS)
  const value = compileExpression(args.groupBy, env)
  const boundaries = boundaryList(args.boundaries, (a, b) => compareValues(a, b, env.collation))
  if ('default' in args && isInside(args.default, boundaries, env.collation)) {
    throw locationError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    )
  }
  const output = args.output ?? { count: { $sum: new Int32(1) } }
  if (!isDocument(output)) throw locationError(40196, "The $bucket 'output' field must be an object")
  const fields = Object.entries(output).map(([name, accumulator]) =>
    compileAccumulatedField(name, accumulator, env),
  )

  const lowerBound = (found: unknown): unknown => {
    const next = boundaries.findIndex((boundary) => compareValues(found, boundary, env.collation) < 0)
    if (next > 0) return boundaries[next - 1]
    if ('default' in args) return args.default
    throw locationError(
      40066,
      '$bucket could not find a matching branch for an input, and no default was specified.',
    )
  }
  return function* (input, context) {
    const groups = [...grouped(input, (scope) => lowerBound(value(scope)), fields, env, context)]
    yield* groups.sort((a, b) => compareValues(a._id, b._id, env.collation))
  }
}

function isInside(value: unknown, boundaries: readonly unknown[], collation: Collation | undefined): boolean {
  const isBelow = compareValues(value, boundaries[0], collation) < 0
  return !isBelow && compareValues(value, boundaries.at(-1), collation) < 0
}

function boundaryList(boundaries: unknown, compare: (a: unknown, b: unknown) => number): unknown[] {
  if (!Array.isArray(boundaries))
    throw locationError(40200, "The $bucket 'boundaries' field must be an array")
  if (boundaries.length < 2)
    throw locationError(40192, "The $bucket 'boundaries' field must have at least 2 values")
  for (const [at, boundary] of boundaries.entries()) {
    if (at === 0) continue
    if (typeOrder(boundary) !== typeOrder(boundaries[at - 1])) {
      throw locationError(40193, "All values in the 'boundaries' option to $bucket must have the same type")
    }
    if (compare(boundaries[at - 1], boundary) >= 0) {
      throw locationError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order")
    }
  }
  return boundaries
}
