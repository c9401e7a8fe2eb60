import type { Document } from 'bson'
import { compileTransform, type DocumentTransform } from '../aggregate/document-transform.ts'
import { scopeOf } from '../aggregate/expression.ts'
import { isDocument, typeOf } from '../bson/value-type.ts'
import { failedToParse, serverError } from '../server-error.ts'
import type { UpdateContext, UpdateOptions } from './compile-update.ts'

const STAGES = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'])

/** Compiles an update pipeline: stages that make one document of another. */
export function compileUpdatePipeline(
  stages: readonly Document[],
  options: UpdateOptions,
): (document: Document, context: UpdateContext) => Document {
  const env = { collation: options.collation, variables: Object.keys(options.let ?? {}) }
  const transforms = stages.map((stage): DocumentTransform => {
    if (!isDocument(stage))
      throw failedToParse(`Each element of the 'pipeline' array must be an object, not ${typeOf(stage)}`)
    const [name = '', ...more] = Object.keys(stage)
    if (more.length > 0)
      throw serverError(
        40323,
        'Location40323',
        'A pipeline stage specification object must contain exactly one field.',
      )
    if (!STAGES.has(name))
      throw serverError(72, 'InvalidOptions', `${name} is not allowed to be used within an update`)
    return compileTransform(name, stage[name], env)
  })
  return (document, { now }) =>
    transforms.reduce(
      (current, transform) => transform(current, scopeOf(current, { let: options.let, now })),
      document,
    )
}
