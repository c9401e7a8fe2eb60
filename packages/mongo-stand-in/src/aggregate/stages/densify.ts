import type { Document } from 'bson'
import { compareValues } from '../../bson/compare.ts'
import { indexKey } from '../../bson/index-key.ts'
import { addNumbers, toSafeInteger } from '../../bson/number.ts'
import { isNullish, isNumber } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { addUnits } from '../expressions/date-arithmetic.ts'
import { readAtPath, setAtPath } from '../set-at-path.ts'
import type { StageCompiler } from '../stage.ts'
import { type DensifyPlan, parseDensify } from './densify-arguments.ts'

/** internalQueryMaxAllowedDensifyDocs of a mongod. */
const MOST_GENERATED = 500_000

interface Entry {
  document: Document
  value: unknown
}

interface Span {
  start: unknown
  end: unknown
  /** Whether a document may be made at the end itself. */
  closed: boolean
}

/**
 * `$densify`: adds documents so that the values of a field follow each other in steps. Documents without the field pass
 * as they are, before all others.
 */
export const densify: StageCompiler = (spec) => {
  const plan = parseDensify(spec)
  return function* (input) {
    const entries: Entry[] = []
    for (const document of input) {
      const value = readAtPath(document, plan.field)
      if (isNullish(value)) yield document
      else entries.push({ document, value: checkedValue(value, plan) })
    }
    entries.sort((a, b) => compareValues(a.value, b.value))
    let made = 0
    for (const document of withSteps(entries, plan)) {
      if ('made' in document && ++made > MOST_GENERATED) throw tooMany(made)
      yield document.result
    }
  }
}

function* withSteps(
  entries: readonly Entry[],
  plan: DensifyPlan,
): Iterable<{ result: Document } | { result: Document; made: true }> {
  for (const members of partitions(entries, plan)) {
    const { start, end, closed } = spanOf(members, entries, plan)
    const template = partitionFields(members[0]?.document ?? {}, plan)
    const isOpen = (value: unknown) => compareValues(value, end) < (closed ? 1 : 0)
    let next = start
    for (const { document, value } of members) {
      for (; compareValues(next, value) < 0 && isOpen(next); next = step(next, plan)) {
        yield { result: setAtPath(template, plan.field, next), made: true }
      }
      if (compareValues(next, value) === 0) next = step(next, plan)
      yield { result: document }
    }
    for (; isOpen(next); next = step(next, plan)) {
      yield { result: setAtPath(template, plan.field, next), made: true }
    }
  }
}

function spanOf(members: readonly Entry[], all: readonly Entry[], { bounds }: DensifyPlan): Span {
  if (bounds === 'full') return { start: all[0]?.value, end: all.at(-1)?.value, closed: true }
  if (bounds === 'partition') return { start: members[0]?.value, end: members.at(-1)?.value, closed: false }
  return { start: bounds[0], end: bounds[1], closed: false }
}

/** Without partitions, an empty input still fills an explicit range. */
function partitions(entries: readonly Entry[], plan: DensifyPlan): Entry[][] {
  if (plan.partitionBy.length === 0) {
    return entries.length > 0 || typeof plan.bounds === 'object' ? [[...entries]] : []
  }
  const found = new Map<string, Entry[]>()
  for (const entry of entries) {
    const key = indexKey(partitionFields(entry.document, plan))
    const members = found.get(key)
    if (members === undefined) found.set(key, [entry])
    else members.push(entry)
  }
  return [...found.values()]
}

function partitionFields(document: Document, { partitionBy }: DensifyPlan): Document {
  return partitionBy.reduce<Document>((fields, path) => {
    const value = readAtPath(document, path)
    return value === undefined ? fields : setAtPath(fields, path, value)
  }, {})
}

function step(value: unknown, { step: by, unit }: DensifyPlan): unknown {
  if (value instanceof Date) return addUnits(value, unit ?? 'millisecond', toSafeInteger(by) ?? 1, () => 0)
  return addNumbers(value, by)
}

function checkedValue(value: unknown, { unit }: DensifyPlan): unknown {
  if (value instanceof Date) {
    if (unit !== undefined) return value
    throw locationError(
      6053600,
      'Encountered date densify value in collection when step does not have a date unit.',
    )
  }
  if (!isNumber(value)) throw locationError(5733201, 'Densify field type must be numeric')
  if (unit !== undefined) {
    throw locationError(6053601, 'Encountered numeric densify value in collection when step has a date unit.')
  }
  return value
}

function tooMany(made: number): Error {
  return locationError(
    5897900,
    `Generated ${made} documents in $densify, which is over the limit of ${MOST_GENERATED}.`,
  )
}
