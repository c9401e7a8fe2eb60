import type { Document } from 'bson'
import { isDocument } from '../../bson/value-type.ts'
import { type CompiledQuery, compileQuery } from '../../query/compile-query.ts'
import { locationError } from '../../server-error.ts'
import type { PipelineContext, StageCompiler } from '../stage.ts'

export const match: StageCompiler = (spec, env) => {
  if (!isDocument(spec)) throw locationError(15959, 'the match filter must be an expression in an object')
  const names = env.variables ?? []
  // Compiled at once, with variables that have no value yet, so that a bad filter fails before anything runs.
  const checked = compile(spec, {
    collation: env.collation,
    let: Object.fromEntries(names.map((name) => [name, null])),
  })
  return function* (input, context) {
    const query = names.length === 0 ? checked : compile(spec, { collation: env.collation, let: context.let })
    for (const document of input) if (query.test(document)) yield document
  }
}

function compile(filter: Document, options: Pick<PipelineContext, 'collation' | 'let'>): CompiledQuery {
  return compileQuery(filter, options)
}
