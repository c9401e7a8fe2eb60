import type { Document } from 'bson'
import { compareValues } from '../../bson/compare.ts'
import { indexKey } from '../../bson/index-key.ts'
import { isDocument, typeOf } from '../../bson/value-type.ts'
import { sortDocuments } from '../../query/sort.ts'
import { failedToParse, locationError, typeMismatch } from '../../server-error.ts'
import { compileExpression, type Evaluate } from '../expression.ts'
import { setAtPath } from '../set-at-path.ts'
import { documentScope, type PipelineContext, type StageCompiler, type StageEnvironment } from '../stage.ts'
import type { Partition, WindowFunction } from '../window/partition.ts'
import { compileWindowFunction } from '../window/window-function.ts'

interface Output {
  path: string[]
  run: WindowFunction
}

/**
 * `$setWindowFields`: adds to each document what a function makes of the documents around it. They come out partition by
 * partition, each in the order of `sortBy`.
 */
export const setWindowFields: StageCompiler = (spec, env) => {
  const { partitionBy, sortBy, output } = windowArguments(spec)
  const partition = partitionBy === undefined ? undefined : compileExpression(partitionBy, env)
  if (sortBy !== undefined) sortDocuments([], sortBy, env.collation)
  const sortValue = sortValueOf(sortBy, env)
  const outputs = Object.entries(output).map(
    ([name, definition]): Output => ({
      path: outputPath(name),
      run: compileWindowFunction(definition, sortBy, env),
    }),
  )
  return function* (input, context) {
    for (const documents of partitions(input, partition, env, context)) {
      const ordered = sortBy === undefined ? documents : sortDocuments(documents, sortBy, env.collation)
      yield* withOutputs(ordered, outputs, sortValue, context)
    }
  }
}

function* withOutputs(
  documents: Document[],
  outputs: readonly Output[],
  sortValue: Evaluate | undefined,
  context: PipelineContext,
): Iterable<Document> {
  const scopes = documents.map((document) => documentScope(document, context))
  const sortValues = sortValue === undefined ? [] : scopes.map(sortValue)
  const partition: Partition = { documents, scopes, sortValues }
  const columns = outputs.map(({ path, run }) => ({ path, values: run(partition) }))
  for (const [at, document] of documents.entries()) {
    yield columns.reduce((result, { path, values }) => setAtPath(result, path, values[at]), document)
  }
}

/** In the order of their keys; documents without the key are those of null. */
function partitions(
  input: Iterable<Document>,
  key: Evaluate | undefined,
  { collation }: StageEnvironment,
  context: PipelineContext,
): Document[][] {
  const all = [...input]
  if (key === undefined) return all.length === 0 ? [] : [all]
  const found = new Map<string, { value: unknown; documents: Document[] }>()
  for (const document of all) {
    const value = key(documentScope(document, context)) ?? null
    if (Array.isArray(value)) {
      throw typeMismatch('An expression used to partition cannot evaluate to value of type array')
    }
    const id = indexKey(value, collation)
    const partition = found.get(id)
    if (partition === undefined) found.set(id, { value, documents: [document] })
    else partition.documents.push(document)
  }
  return [...found.values()]
    .sort((a, b) => compareValues(a.value, b.value, collation))
    .map(({ documents }) => documents)
}

function sortValueOf(sortBy: Document | undefined, env: StageEnvironment): Evaluate | undefined {
  const [path, ...more] = Object.keys(sortBy ?? {})
  return path === undefined || more.length > 0 ? undefined : compileExpression(`$${path}`, env)
}

function outputPath(name: string): string[] {
  const path = name.split('.')
  if (path.some((field) => field === '' || field.startsWith('$'))) {
    throw locationError(16410, `FieldPath field names may not start with '$' or be empty: '${name}'`)
  }
  return path
}

function windowArguments(spec: unknown): {
  partitionBy: unknown
  sortBy: Document | undefined
  output: Document
} {
  if (!isDocument(spec)) {
    throw failedToParse(`the $setWindowFields stage specification must be an object, found ${typeOf(spec)}`)
  }
  const { partitionBy, sortBy, output, ...unknown } = spec
  const [extra] = Object.keys(unknown)
  if (extra !== undefined)
    throw locationError(40415, `BSON field '$setWindowFields.${extra}' is an unknown field.`)
  if (output === undefined) {
    throw locationError(40414, "BSON field '$setWindowFields.output' is missing but a required field")
  }
  if (!isDocument(output)) throw typeMismatch("BSON field '$setWindowFields.output' is the wrong type")
  if (sortBy !== undefined && !isDocument(sortBy)) {
    throw typeMismatch("BSON field '$setWindowFields.sortBy' is the wrong type")
  }
  return {
    partitionBy,
    sortBy: sortBy !== undefined && Object.keys(sortBy).length === 0 ? undefined : sortBy,
    output,
  }
}
