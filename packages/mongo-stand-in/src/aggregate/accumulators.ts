import { type Document, Double, Int32 } from 'bson'
import type { Collation } from '../bson/compare.ts'
import { compareValues } from '../bson/compare.ts'
import { indexKey } from '../bson/index-key.ts'
import { divideNumbers, numberType } from '../bson/number.ts'
import { isNullish, isNumber } from '../bson/value-type.ts'
import { exactSum } from './exact-sum.ts'
import { mergeObjects } from './expressions/object.ts'
import { standardDeviation } from './standard-deviation.ts'

/** Gathers the values of one group. */
export interface Accumulator {
  add(value: unknown): void
  result(): unknown
}

export type AccumulatorFactory = (collation: Collation | undefined) => Accumulator

/** The accumulators that take one expression; `$count` and the `…N` family are made by the group itself. */
export const ACCUMULATORS: Readonly<Record<string, AccumulatorFactory>> = {
  $sum: () => sum(),
  $avg: () => average(),
  $min: (collation) => extreme((a, b) => compareValues(a, b, collation) < 0),
  $max: (collation) => extreme((a, b) => compareValues(a, b, collation) > 0),
  $first: () => first(),
  $last: () => last(),
  $push: () => push(),
  $addToSet: (collation) => addToSet(collation),
  $mergeObjects: () => merge(),
  $stdDevPop: () => standardDeviation(false),
  $stdDevSamp: () => standardDeviation(true),
}

/** Adds exactly, in the widest type seen; anything but a number does not count. */
function sum(): Accumulator {
  const total = exactSum()
  return {
    add: (value) => {
      if (isNumber(value)) total.add(value)
    },
    result: () => total.result(),
  }
}

/** The mean of the numbers: a Decimal128 if one of them is, else a double; null of none. */
function average(): Accumulator {
  const total = exactSum()
  let count = 0
  return {
    add: (value) => {
      if (!isNumber(value)) return
      total.add(value)
      count++
    },
    result: () => {
      if (count === 0) return null
      const sum = total.result()
      return numberType(sum) === 'decimal'
        ? divideNumbers(sum, new Int32(count))
        : divideNumbers(sum, new Double(count))
    },
  }
}

function extreme(replaces: (candidate: unknown, current: unknown) => boolean): Accumulator {
  let current: unknown
  return {
    add: (value) => {
      if (!isNullish(value) && (current === undefined || replaces(value, current))) current = value
    },
    result: () => current ?? null,
  }
}

function first(): Accumulator {
  let seen = false
  let found: unknown
  return {
    add: (value) => {
      if (!seen) found = value
      seen = true
    },
    result: () => found ?? null,
  }
}

function last(): Accumulator {
  let found: unknown
  return {
    add: (value) => {
      found = value
    },
    result: () => found ?? null,
  }
}

function push(): Accumulator {
  const values: unknown[] = []
  return {
    add: (value) => {
      if (value !== undefined) values.push(value)
    },
    result: () => values,
  }
}

function addToSet(collation: Collation | undefined): Accumulator {
  const values = new Map<string, unknown>()
  return {
    add: (value) => {
      if (value === undefined) return
      const key = indexKey(value, collation)
      if (!values.has(key)) values.set(key, value)
    },
    result: () => [...values.values()],
  }
}

function merge(): Accumulator {
  let merged: Document = {}
  return {
    add: (value) => {
      merged = mergeObjects([merged, value])
    },
    result: () => merged,
  }
}
