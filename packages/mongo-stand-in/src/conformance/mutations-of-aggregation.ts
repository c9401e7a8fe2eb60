import type { Mutation } from './mutations.ts'

const groups: readonly Mutation[] = [
  {
    name: 'a sum of doubles loses digits',
    file: 'aggregate/exact-sum.ts',
    find: 'lost: lost + (sum - (next - part) + (value - part))',
    replace: 'lost',
  },
  {
    name: 'a sum has the type of the last number',
    file: 'aggregate/exact-sum.ts',
    find: 'type = widerType(type, added)',
    replace: 'type = added',
  },
  {
    name: '$sum counts what is no number',
    file: 'aggregate/accumulators.ts',
    find: 'if (isNumber(value)) total.add(value)\n    },\n    result: () => total.result(),',
    replace: 'total.add(isNumber(value) ? value : new Int32(1))\n    },\n    result: () => total.result(),',
  },
  {
    name: '$min takes null',
    file: 'aggregate/accumulators.ts',
    find: '!isNullish(value) && (current === undefined || replaces(value, current))',
    replace: 'value !== undefined && (current === undefined || replaces(value, current))',
  },
  {
    name: '$push takes missing values as null',
    file: 'aggregate/accumulators.ts',
    find: 'if (value !== undefined) values.push(value)',
    replace: 'values.push(value ?? null)',
  },
  {
    name: '$bucket includes the upper bound',
    file: 'aggregate/stages/bucket.ts',
    find: 'compareValues(found, boundary, env.collation) < 0)',
    replace: 'compareValues(found, boundary, env.collation) <= 0)',
  },
  {
    name: '$sortByCount has the smallest group first',
    file: 'aggregate/stages/group.ts',
    find: '{ count: new Int32(-1) }',
    replace: '{ count: new Int32(1) }',
  },
]

const stages: readonly Mutation[] = [
  {
    name: '$count of nothing is zero',
    file: 'aggregate/stages/cut.ts',
    find: 'if (total > 0) yield',
    replace: 'yield',
  },
  {
    name: '$unwind keeps null',
    file: 'aggregate/stages/unwind.ts',
    find: '!Array.isArray(value) && !isNullish(value)',
    replace: '!Array.isArray(value) && value !== undefined',
  },
  {
    name: '$lookup does not see the variables of let',
    file: 'aggregate/stages/lookup.ts',
    find: 'let: { ...context.let, ...bound }',
    replace: 'let: { ...bound, ...Object.fromEntries(bindings.map(([name]) => [name, null])) }',
  },
  {
    name: '$lookup by fields and a pipeline forgets the fields',
    file: 'aggregate/stages/lookup.ts',
    find: 'const joined = search(localValues)',
    replace:
      'const joined = run === undefined ? search(localValues) : foreignDocuments(from, undefined, env, context)(undefined)',
  },
  {
    name: '$project of a path takes the first element of an array whole',
    file: 'aggregate/projection-tree.ts',
    find: "if (node.kind !== 'fields') return undefined\n  if (isDocument(value)) return includeFields",
    replace:
      "if (node.kind !== 'fields') return undefined\n  if (Array.isArray(value)) return value[0]\n  if (isDocument(value)) return includeFields",
  },
]

const expressions: readonly Mutation[] = [
  {
    name: 'a missing value equals null in an expression',
    file: 'aggregate/expressions/comparison.ts',
    find: '(a === undefined ? -1 : 1)',
    replace: '0',
  },
  {
    name: '$round rounds towards zero',
    file: 'aggregate/expressions/rounding.ts',
    find: "'half-even'",
    replace: "'down'",
  },
  {
    name: '$divide by zero is infinite',
    file: 'aggregate/expressions/arithmetic.ts',
    find: `if (isZero(checkNumber('$divide', b))) throw badValue("can't $divide by zero")`,
    replace: '',
  },
  {
    name: '$mod takes the sign of the divisor',
    file: 'aggregate/expressions/arithmetic.ts',
    find: 'integerResult((toInteger(a) ?? 0n) % (toInteger(b) ?? 1n), type)',
    replace:
      'integerResult((((toInteger(a) ?? 0n) % (toInteger(b) ?? 1n)) + (toInteger(b) ?? 1n)) % (toInteger(b) ?? 1n), type)',
  },
  {
    name: '$ifNull keeps a missing value',
    file: 'aggregate/expressions/conditional.ts',
    find: 'if (!isNullish(value)) return value',
    replace: 'if (value !== null) return value',
  },
  {
    name: '$toUpper changes letters beyond ASCII',
    file: 'aggregate/expressions/string.ts',
    find: '.replace(/[a-z]+/g, (part) => part.toUpperCase())',
    replace: '.toUpperCase()',
  },
  {
    name: '$dateTrunc counts bins towards the reference',
    file: 'aggregate/expressions/date-arithmetic.ts',
    find: 'Math.floor(distance / size) * size',
    replace: 'Math.trunc(distance / size) * size',
  },
  {
    name: 'a month too short carries its days over',
    file: 'aggregate/expressions/calendar.ts',
    find: 'Math.min(local.getUTCDate(), days)',
    replace: 'local.getUTCDate()',
  },
  {
    name: 'a path through an array has elements without the field',
    file: 'aggregate/expression.ts',
    find: '.filter((found) => found !== undefined)',
    replace: '.map((found) => found ?? null)',
  },
  {
    name: '$convert to int rounds',
    file: 'aggregate/expressions/conversion.ts',
    find: 'BigInt(Math.trunc(decimal))',
    replace: 'BigInt(Math.round(decimal))',
  },
]

const concurrency: readonly Mutation[] = [
  {
    name: 'a write of another open transaction is no conflict',
    file: 'storage/stage-write.ts',
    find: 'if (record.lock !== undefined && record.lock !== unit) throw new WriteConflict(record.lock)',
    replace: '',
  },
  {
    name: 'a write after the snapshot is no conflict',
    file: 'storage/stage-write.ts',
    find: 'if (record.at > unit.snapshot) throw new WriteConflict(undefined)',
    replace: '',
  },
  {
    name: 'expanded events are told without being asked for',
    file: 'change-streams/stream-options.ts',
    find: 'if (EXPANDED.has(record.type) && !options.showExpandedEvents) return false',
    replace: '',
  },
  {
    name: 'a drop does not end the stream',
    file: 'change-streams/stream-options.ts',
    find: "return type === 'drop' || type === 'rename'",
    replace: "return type === 'rename'",
  },
  {
    name: 'an update does not tell removed fields',
    file: 'update/describe-change.ts',
    find: 'if (!Object.hasOwn(after, name)) telling.change.removedFields.push(prefix + name)',
    replace: '',
  },
  {
    name: 'a pipeline that shortens an array does not tell its size',
    file: 'update/describe-difference.ts',
    find: 'change.truncatedArrays.push({ field: path, newSize: new Int32(after.length) })',
    replace: '',
  },
  {
    name: 'the moderate level is strict',
    file: 'writes/check-document.ts',
    find: "collection.options.validationLevel === 'moderate'",
    replace: 'false',
  },
]

/** Spoilings around aggregation, transactions and change streams. */
export const aggregationMutations: readonly Mutation[] = [
  ...groups,
  ...stages,
  ...expressions,
  ...concurrency,
]
