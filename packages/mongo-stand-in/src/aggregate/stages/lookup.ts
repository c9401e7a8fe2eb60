import type { Document } from 'bson'
import { valuesAtPath } from '../../bson/path.ts'
import { isDocument, typeOf } from '../../bson/value-type.ts'
import { failedToParse, notSupported } from '../../server-error.ts'
import { compileExpression } from '../expression.ts'
import { checkVariableName } from '../expressions/variable.ts'
import { foreignSearch } from '../foreign-documents.ts'
import { setAtPath } from '../set-at-path.ts'
import {
  documentScope,
  type PipelineContext,
  type Stage,
  type StageCompiler,
  type StageEnvironment,
} from '../stage.ts'

/**
 * `$lookup`: by equality of two fields, by a pipeline with variables of its own, or by both: then the pipeline sees what
 * the fields have found.
 */
export const lookup: StageCompiler = (spec, env) => {
  const { from, as, localField, foreignField, variables, pipeline } = lookupArguments(spec)
  const bindings = Object.entries(variables).map(([name, value]) => {
    checkVariableName(name)
    return [name, compileExpression(value, env)] as const
  })
  const names = Object.keys(variables)
  const begins = beginsWithDocuments(pipeline)
  const own = begins ? env.compile(pipeline?.slice(0, 1), names) : undefined
  const run = pipeline === undefined ? undefined : env.compile(begins ? pipeline.slice(1) : pipeline, names)
  const target = as.split('.')

  return function* (input, context) {
    const found = foreignDocuments(from, foreignField, env, context)
    for (const document of input) {
      const scope = documentScope(document, context)
      const bound = Object.fromEntries(bindings.map(([name, evaluate]) => [name, evaluate(scope)]))
      const inner = { ...context, let: { ...context.let, ...bound } }
      const localValues = localField === undefined ? undefined : valuesAtPath(document, localField)
      // Documents that the pipeline itself gives may depend on the variables, so they are made for each document.
      const search = own === undefined ? found : ownDocuments(own, foreignField, env, inner)
      const joined = search(localValues)
      yield setAtPath(document, target, run === undefined ? [...joined] : [...run(joined, inner)])
    }
  }
}

function beginsWithDocuments(pipeline: readonly unknown[] | undefined): boolean {
  const first = pipeline?.[0]
  return isDocument(first) && '$documents' in first
}

/** The documents of a leading `$documents` in the place of a collection. */
function ownDocuments(
  own: Stage,
  field: string | undefined,
  env: StageEnvironment,
  context: PipelineContext,
): ReturnType<typeof foreignDocuments> {
  return foreignDocuments('', field, env, {
    ...context,
    collection: () => own([], context),
    findEqual: () => undefined,
  })
}

/** The foreign documents that equal one of the local values; all of them where no fields are compared. */
function foreignDocuments(
  from: string | undefined,
  field: string | undefined,
  env: StageEnvironment,
  context: PipelineContext,
): (localValues: unknown[] | undefined) => Iterable<Document> {
  if (field === undefined) return () => (from === undefined ? [] : context.collection(from))
  const search = foreignSearch(from, field, env, context)
  // An empty local array has no element that could match.
  return (localValues = []) =>
    search(localValues.filter((value) => !(Array.isArray(value) && value.length === 0)))
}

interface LookupArguments {
  from: string | undefined
  as: string
  localField: string | undefined
  foreignField: string | undefined
  variables: Document
  pipeline: unknown[] | undefined
}

function lookupArguments(spec: unknown): LookupArguments {
  if (!isDocument(spec))
    throw failedToParse(`the $lookup specification must be an Object, but found ${typeOf(spec)}`)
  const { from, as, localField, foreignField, let: variables = {}, pipeline, ...unknown } = spec
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw failedToParse(`unknown argument to $lookup: ${extra}`)
  if (isDocument(from)) throw notSupported('$lookup from a collection in another database')
  if (typeof as !== 'string') throw failedToParse("must specify 'as' field for a $lookup")
  for (const [name, value] of Object.entries({ from, localField, foreignField })) {
    if (value !== undefined && typeof value !== 'string')
      throw failedToParse(`$lookup argument '${name}' must be a string`)
  }
  if ((localField === undefined) !== (foreignField === undefined)) {
    throw failedToParse('$lookup requires both or neither of localField and foreignField')
  }
  if (pipeline === undefined && localField === undefined) {
    throw failedToParse(
      '$lookup requires either pipeline or both localField and foreignField to be specified',
    )
  }
  if (pipeline !== undefined && !Array.isArray(pipeline))
    throw failedToParse("'pipeline' of $lookup must be an array")
  if (from === undefined && !beginsWithDocuments(pipeline)) {
    throw failedToParse("must specify 'from' field for a $lookup")
  }
  if (!isDocument(variables)) throw failedToParse("$lookup argument 'let' must be an object")
  return { from, as, localField, foreignField, variables, pipeline }
}
