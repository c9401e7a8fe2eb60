import type { Document } from 'bson'
import { isDocument, typeOf } from '../bson/value-type.ts'
import { locationError, notSupported, typeMismatch } from '../server-error.ts'
import type { ExpressionEnvironment } from './expression.ts'
import type { PipelineContext, Stage } from './stage.ts'
import { findStage, isKnownStage, mustBeFirst, mustBeLast } from './stages/index.ts'

export type { PipelineContext } from './stage.ts'
export type { WriteTarget } from './write-target.ts'

/**
 * Runs an aggregation pipeline. The whole pipeline is checked before this returns; documents are taken from the input
 * as the result is read.
 *
 * @throws ServerError Location40324 for a stage that does not exist, NotImplemented for one that the stand-in leaves out,
 *   and the errors of the stages; those that depend on a document come while the result is read.
 */
export function runPipeline(
  stages: Document[],
  input: Iterable<Document>,
  context: PipelineContext,
): Iterable<Document> {
  const env = { collation: context.collation, variables: Object.keys(context.let ?? {}) }
  return compilePipeline(stages, env)(input, context)
}

/** Compiles a pipeline once, to run it with several inputs or variables. */
export function compilePipeline(stages: unknown, env: ExpressionEnvironment): Stage {
  if (!Array.isArray(stages)) throw typeMismatch("'pipeline' option must be specified as an array")
  const compiled = stages.map((stage, at) => compileStage(stage, at, stages, env))
  return (input, context) => compiled.reduce((documents, stage) => stage(documents, context), input)
}

function compileStage(
  stage: unknown,
  at: number,
  stages: readonly unknown[],
  env: ExpressionEnvironment,
): Stage {
  if (!isDocument(stage))
    throw typeMismatch(`Each element of the 'pipeline' array must be an object, not ${typeOf(stage)}`)
  const [name, ...more] = Object.keys(stage)
  if (name === undefined || more.length > 0) {
    throw locationError(40323, 'A pipeline stage specification object must contain exactly one field.')
  }
  if (mustBeFirst(name) && at > 0)
    throw locationError(40602, `${name} is only valid as the first stage in a pipeline`)
  const compiler = findStage(name)
  if (compiler === undefined) {
    throw isKnownStage(name)
      ? notSupported(name)
      : locationError(40324, `Unrecognized pipeline stage name: '${name}'`)
  }
  if (mustBeLast(name) && at < stages.length - 1) {
    throw locationError(40601, `${name} can only be the final stage in the pipeline`)
  }
  return compiler(stage[name], {
    ...env,
    following: stages.slice(at + 1),
    compile: (inner, variables = []) =>
      compilePipeline(inner, { ...env, variables: [...(env.variables ?? []), ...variables] }),
  })
}
