import { type Document, Int32 } from 'bson'
import { integerResult, toSafeInteger } from '../../bson/number.ts'
import { isDocument, typeOf } from '../../bson/value-type.ts'
import { sortDocuments } from '../../query/sort.ts'
import { locationError } from '../../server-error.ts'
import { usedOfSort } from '../pipeline-front.ts'
import type { StageCompiler } from '../stage.ts'

/** Stages that order, cut and count: `$sort`, `$limit`, `$skip`, `$sample`, `$count`. */
export const sort: StageCompiler = (spec, env) => {
  if (!isDocument(spec)) throw locationError(15973, 'the $sort key specification must be an object')
  if (Object.keys(spec).length === 0)
    throw locationError(15976, '$sort stage must have at least one sort key')
  sortDocuments([], spec, env.collation)
  const used = usedOfSort(env.following)
  return function* (input) {
    yield* sortDocuments(input, spec, env.collation, used)
  }
}

export const limit: StageCompiler = (spec) => {
  const most = toSafeInteger(spec)
  if (most === undefined)
    throw locationError(
      2107201,
      `invalid argument to $limit stage: Expected a number, but got ${typeOf(spec)}`,
    )
  if (most <= 0) throw locationError(15958, 'the limit must be positive')
  return function* (input) {
    let passed = 0
    for (const document of input) {
      yield document
      passed++
      if (passed === most) return
    }
  }
}

export const skip: StageCompiler = (spec) => {
  const dropped = toSafeInteger(spec)
  if (dropped === undefined || dropped < 0) {
    throw locationError(
      5107200,
      `invalid argument to $skip stage: Expected a non-negative number, but got ${String(spec)}`,
    )
  }
  return function* (input) {
    let seen = 0
    for (const document of input) {
      if (seen >= dropped) yield document
      seen++
    }
  }
}

export const sample: StageCompiler = (spec) => {
  if (!isDocument(spec)) throw locationError(28745, 'the $sample stage specification must be an object')
  const size = toSafeInteger(spec.size)
  if (size === undefined) throw locationError(28746, 'size argument to $sample must be a number')
  if (size <= 0) throw locationError(28747, 'size argument to $sample must be a positive integer')
  return function* (input) {
    const pool = [...input]
    for (let taken = 0; taken < size && pool.length > 0; taken++) {
      const at = Math.floor(Math.random() * pool.length)
      const [chosen] = pool.splice(at, 1)
      if (chosen !== undefined) yield chosen
    }
  }
}

export const count: StageCompiler = (spec) => {
  if (typeof spec !== 'string') throw locationError(40156, 'the count field must be a non-empty string')
  if (spec === '') throw locationError(40157, 'the count field must be a non-empty string')
  if (spec.startsWith('$')) throw locationError(40158, 'the count field cannot be a $-prefixed path')
  if (spec.includes('.')) throw locationError(40160, "the count field cannot contain '.'")
  return function* (input) {
    let total = 0
    for (const _document of input) total++
    // Of nothing there is no document, not a zero.
    if (total > 0) yield countDocument(spec, total)
  }
}

function countDocument(name: string, total: number): Document {
  return { [name]: integerResult(BigInt(total), 'int') ?? new Int32(total) }
}
