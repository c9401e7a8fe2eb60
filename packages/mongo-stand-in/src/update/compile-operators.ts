import type { Document } from 'bson'
import type { Collation } from '../bson/compare.ts'
import { isDocument, typeOf } from '../bson/value-type.ts'
import { failedToParse } from '../server-error.ts'
import type { ArrayFilters } from './array-filters.ts'
import type { UpdateContext } from './compile-update.ts'
import type { WrittenPaths } from './describe-change.ts'
import { locate } from './location.ts'
import { UPDATE_OPERATORS } from './operators/index.ts'
import type { Modification } from './operators/operator.ts'
import { appendsOnly } from './operators/push.ts'
import { compileRename } from './operators/rename.ts'
import { checkConflicts, checkFilterUse, comparePaths, parseUpdatePath, resolvePath } from './update-path.ts'

/** An update by operators, ready for any document. */
export interface CompiledOperators {
  apply(document: Document, context: UpdateContext): Document
  /** The places that `apply` writes in the same document and context, for {@link describeChange}. */
  writtenPaths(document: Document, context: UpdateContext): WrittenPaths
}

interface PathModification {
  segments: string[]
  /** How a change event tells the change of an existing value. */
  told: 'whole' | 'appended'
  /** The second path of a `$rename`, which takes part in the search for conflicts. */
  target?: string[]
  modify: Modification
}

/** Compiles a document of update operators. They apply in the order of their paths, not in the order given. */
export function compileOperators(
  update: Document,
  filters: ArrayFilters,
  collation: Collation | undefined,
): CompiledOperators {
  const modifications = Object.entries(update).flatMap(([operator, fields]) =>
    compileOperator(operator, fields, collation),
  )
  // A $rename takes its turn where its new name stands.
  modifications.sort((a, b) => comparePaths(a.target ?? a.segments, b.target ?? b.segments))
  const paths = modifications.flatMap(({ segments, target }) =>
    target === undefined ? [segments] : [segments, target],
  )
  checkConflicts(paths)
  checkFilterUse(paths, filters)

  return {
    apply: (document, context) => {
      const updated = { ...document }
      const own = new WeakSet([updated])
      const resolved: string[][] = []
      for (const { segments, modify } of modifications) {
        for (const path of resolvePath(updated, segments, filters, context.positional)) {
          resolved.push(path)
          modify(locate(updated, path, own), { ...context, document: updated, own })
        }
      }
      // "a.$" and "a.0" are found to be the same place only now.
      checkConflicts(resolved)
      return updated
    },
    writtenPaths: (document, context) =>
      new Map(
        modifications.flatMap(({ segments, target, told }) =>
          resolvePath(document, target ?? segments, filters, context.positional).map(
            (path) => [path.join('.'), told] as const,
          ),
        ),
      ),
  }
}

function compileOperator(
  operator: string,
  fields: unknown,
  collation: Collation | undefined,
): PathModification[] {
  const compiler = Object.hasOwn(UPDATE_OPERATORS, operator) ? UPDATE_OPERATORS[operator] : undefined
  if (compiler === undefined && operator !== '$rename') {
    throw failedToParse(
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    )
  }
  if (!isDocument(fields)) {
    throw failedToParse(
      `Modifiers operate on fields but we found type ${typeOf(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${String(fields)}}`,
    )
  }
  return Object.entries(fields).map(([path, operand]) => {
    const segments = parseUpdatePath(path)
    if (compiler === undefined) return { segments, told: 'whole', ...compileRename(path, operand) }
    const told = operator === '$push' && appendsOnly(operand) ? 'appended' : 'whole'
    return { segments, told, modify: compiler(operand, { path, collation }) }
  })
}
