import type { ConformanceCase } from '../case.ts'
import { changeStreams } from './change-streams.ts'
import { collections } from './collections.ts'
import { arithmeticExpressions } from './expressions-arithmetic.ts'
import { arrayExpressions } from './expressions-array.ts'
import { conversionExpressions } from './expressions-conversion.ts'
import { dateExpressions } from './expressions-date.ts'
import { logicExpressions } from './expressions-logic.ts'
import { objectExpressions } from './expressions-object.ts'
import { stringExpressions } from './expressions-string.ts'
import { groupStages } from './stages-group.ts'
import { joinStages } from './stages-join.ts'
import { shapeStages } from './stages-shape.ts'
import { writeStages } from './stages-write.ts'
import { transactions } from './transactions.ts'

/** The topics around aggregation, transactions and change streams. */
export const aggregationTopics: Readonly<Record<string, readonly ConformanceCase[]>> = {
  'arithmetic expressions': arithmeticExpressions,
  'comparison and conditions in expressions': logicExpressions,
  'array expressions': arrayExpressions,
  'string expressions': stringExpressions,
  'date expressions': dateExpressions,
  conversions: conversionExpressions,
  'documents and variables in expressions': objectExpressions,
  'stages of shape and order': shapeStages,
  'grouping stages': groupStages,
  'joining stages': joinStages,
  'writing stages': writeStages,
  transactions,
  'change streams': changeStreams,
  collections,
}
