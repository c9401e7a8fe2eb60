import type { Collation } from '../../bson/compare.ts'
import type { AccumulatedField } from '../accumulated-field.ts'
import type { Accumulator } from '../accumulators.ts'
import type { Partition, WindowFunction } from './partition.ts'
import { type WindowBounds, windowEnds } from './window-bounds.ts'

/** Runs an accumulator of `$group` over the window of each document. */
export function accumulateOver(
  field: Pick<AccumulatedField, 'evaluate' | 'start'>,
  bounds: WindowBounds,
  collation: Collation | undefined,
): WindowFunction {
  return (partition) => {
    const values = partition.scopes.map(field.evaluate)
    const start = () =>
      field.start(collation, partition.scopes[0] ?? { root: {}, variables: {}, now: new Date(0) })
    return bounds.lower === 'unbounded' && bounds.kind === 'documents'
      ? growing(values, partition, bounds, start)
      : moving(values, partition, bounds, start)
  }
}

/** A window that only grows is gathered once. */
function growing(
  values: readonly unknown[],
  partition: Partition,
  bounds: WindowBounds,
  start: () => Accumulator,
): unknown[] {
  const accumulator = start()
  let added = 0
  let result = settled(accumulator)
  return values.map((_value, at) => {
    const last = windowEnds(bounds, partition, at)?.[1] ?? -1
    if (last < added) return result
    for (; added <= last; added++) accumulator.add(values[added])
    result = settled(accumulator)
    return result
  })
}

function moving(
  values: readonly unknown[],
  partition: Partition,
  bounds: WindowBounds,
  start: () => Accumulator,
): unknown[] {
  return values.map((_value, at) => {
    const accumulator = start()
    const [first, last] = windowEnds(bounds, partition, at) ?? [0, -1]
    for (let position = first; position <= last; position++) accumulator.add(values[position])
    return accumulator.result()
  })
}

/** `$push` answers with the list that it goes on filling. */
function settled(accumulator: Accumulator): unknown {
  const result = accumulator.result()
  return Array.isArray(result) ? [...result] : result
}
