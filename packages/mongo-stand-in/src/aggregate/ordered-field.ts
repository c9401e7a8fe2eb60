import type { Document } from 'bson'
import type { Collation } from '../bson/compare.ts'
import { isDocument } from '../bson/value-type.ts'
import { compileSort } from '../query/sort.ts'
import { locationError } from '../server-error.ts'
import type { AccumulatedField } from './accumulated-field.ts'
import { compileExpression, type ExpressionEnvironment } from './expression.ts'
import { countOf } from './expressions/array.ts'

interface Ranked {
  document: Document
  output: unknown
}

const TOP = new Set(['$top', '$topN'])
const SINGLE = new Set(['$top', '$bottom'])

/** Whether the accumulator orders its documents itself: `$top`, `$bottom`, `$topN`, `$bottomN`. */
export function isOrderedOperator(operator: string): boolean {
  return operator === '$top' || operator === '$bottom' || operator === '$topN' || operator === '$bottomN'
}

/** Compiles `{ sortBy, output, n }`. What it takes of a document is the document with its output. */
export function compileOrderedField(
  name: string,
  operator: string,
  operand: unknown,
  env: ExpressionEnvironment,
): AccumulatedField {
  const args = orderedArguments(operator, operand)
  compileSort(args.sortBy, env.collation)
  const output = compileExpression(args.output, env)
  const n = compileExpression(args.n, env)
  const single = SINGLE.has(operator)
  return {
    name,
    evaluate: (scope): Ranked => ({
      document: isDocument(scope.root) ? scope.root : {},
      output: output(scope) ?? null,
    }),
    start: (collation, scope) => {
      const count = single ? 1 : countOf(operator, n(scope))
      const ranked: Ranked[] = []
      return {
        add: (value) => ranked.push(value as Ranked),
        result: () => {
          const best = inOrder(ranked, args.sortBy, collation)
          const chosen = TOP.has(operator) ? best.slice(0, count) : best.slice(-count)
          const outputs = chosen.map((entry) => entry.output)
          return single ? (outputs[0] ?? null) : outputs
        },
      }
    },
  }
}

function inOrder(ranked: readonly Ranked[], sortBy: Document, collation: Collation | undefined): Ranked[] {
  const compare = compileSort(sortBy, collation)
  return ranked.toSorted((a, b) => compare(a.document, b.document))
}

function orderedArguments(
  operator: string,
  operand: unknown,
): { sortBy: Document; output: unknown; n: unknown } {
  if (!isDocument(operand)) throw locationError(5788001, `specification must be an object; found ${operator}`)
  const { n, output, sortBy, ...unknown } = operand
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw locationError(5788002, `Unknown argument to ${operator} '${extra}'`)
  if (SINGLE.has(operator) ? n !== undefined : n === undefined) {
    throw SINGLE.has(operator)
      ? locationError(5788002, `Unknown argument to ${operator} 'n'`)
      : locationError(5788003, `Missing value for 'n' in ${operator}`)
  }
  if (output === undefined) throw locationError(5788004, `Missing value for 'output' in ${operator}`)
  if (sortBy === undefined) throw locationError(5788005, `Missing value for 'sortBy' in ${operator}`)
  if (!isDocument(sortBy))
    throw locationError(5788604, `expected 'sortBy' to already be an object in the arguments to ${operator}`)
  return { sortBy, output, n }
}
