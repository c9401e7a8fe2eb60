import type { ConformanceCase } from '../case.ts'
import { aggregationTopics } from './aggregation-topics.ts'
import { bulkWrites } from './bulk-writes.ts'
import { collation } from './collation.ts'
import { comparisonOrder } from './comparison-order.ts'
import { indexUse } from './index-use.ts'
import { partialIndexes } from './partial-indexes.ts'
import { projection } from './projection.ts'
import { queryComparison } from './query-comparison.ts'
import { queryElements } from './query-elements.ts'
import { queryEvaluation } from './query-evaluation.ts'
import { readCommands } from './read-commands.ts'
import { uniqueIndexes } from './unique-indexes.ts'
import { updateArrays } from './update-arrays.ts'
import { updateFields } from './update-fields.ts'
import { updateNumbers } from './update-numbers.ts'
import { updatePositional } from './update-positional.ts'
import { updateWhole } from './update-whole.ts'

/** The table, by topic. */
export const topics: Readonly<Record<string, readonly ConformanceCase[]>> = {
  'comparison order': comparisonOrder,
  'comparison query operators': queryComparison,
  'element and array query operators': queryElements,
  'evaluating and bitwise query operators': queryEvaluation,
  'find, count and distinct': readCommands,
  projection,
  collation,
  'numeric update operators': updateNumbers,
  'field update operators': updateFields,
  'array update operators': updateArrays,
  'positional updates': updatePositional,
  'upserts, replacements and findAndModify': updateWhole,
  'bulk writes': bulkWrites,
  'unique indexes': uniqueIndexes,
  'sparse and partial indexes': partialIndexes,
  'use of indexes': indexUse,
  ...aggregationTopics,
}

/** Every case of the table with a name that no other has. */
export const allCases: readonly ConformanceCase[] = Object.entries(topics).flatMap(([topic, cases]) =>
  cases.map((one) => ({ ...one, name: `${topic}: ${one.name}` })),
)
