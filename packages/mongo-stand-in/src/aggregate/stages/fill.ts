import type { Document } from 'bson'
import { isDocument, typeOf } from '../../bson/value-type.ts'
import { failedToParse, locationError } from '../../server-error.ts'
import type { StageCompiler } from '../stage.ts'

/** `$fill`: `$setWindowFields` for what is taken from neighbours, then `$addFields` for given values, as MongoDB has it. */
export const fill: StageCompiler = (spec, env) => {
  const { partitionBy, sortBy, output } = fillArguments(spec)
  const windows: Document = {}
  const values: Document = {}
  for (const [name, definition] of Object.entries(output)) {
    const { value, method } = outputOf(name, definition)
    if (method === undefined) values[name] = { $ifNull: [`$${name}`, value] }
    else windows[name] = { [method]: `$${name}` }
  }
  const stages: Document[] = []
  if (Object.keys(windows).length > 0) {
    if (sortBy === undefined) throw failedToParse('$fill needs sortBy for the methods linear and locf')
    const partition = partitionBy === undefined ? {} : { partitionBy }
    stages.push({ $setWindowFields: { ...partition, sortBy, output: windows } })
  }
  if (Object.keys(values).length > 0) stages.push({ $addFields: values })
  return env.compile(stages)
}

function outputOf(name: string, definition: unknown): { value?: unknown; method?: '$linearFill' | '$locf' } {
  if (!isDocument(definition)) throw failedToParse(`$fill output '${name}' must be an object`)
  const { value, method, ...unknown } = definition
  const [extra] = Object.keys(unknown)
  if (extra !== undefined)
    throw locationError(40415, `BSON field '$fill.output.${extra}' is an unknown field.`)
  if ('value' in definition === 'method' in definition) {
    throw locationError(6050202, `Each $fill output must have exactly one of 'value' and 'method': ${name}`)
  }
  if ('value' in definition) return { value }
  if (method === 'linear') return { method: '$linearFill' }
  if (method === 'locf') return { method: '$locf' }
  throw locationError(6050202, 'Method must be either "locf" or "linear"')
}

function fillArguments(spec: unknown): { partitionBy: unknown; sortBy: unknown; output: Document } {
  if (!isDocument(spec))
    throw failedToParse(`The $fill stage specification must be an object, found ${typeOf(spec)}`)
  const { partitionBy, partitionByFields, sortBy, output, ...unknown } = spec
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw locationError(40415, `BSON field '$fill.${extra}' is an unknown field.`)
  if (!isDocument(output))
    throw locationError(40414, "BSON field '$fill.output' is missing but a required field")
  if (Object.keys(output).length === 0)
    throw locationError(6050203, "The output field in '$fill' must contain at least one field")
  if (partitionBy !== undefined && partitionByFields !== undefined) {
    throw locationError(
      6050204,
      "Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'",
    )
  }
  if (partitionByFields === undefined) return { partitionBy, sortBy, output }
  return { partitionBy: byFields(partitionByFields), sortBy, output }
}

function byFields(fields: unknown): Document {
  if (!Array.isArray(fields) || !fields.every((field) => typeof field === 'string')) {
    throw failedToParse('$fill partitionByFields must be an array of strings')
  }
  // Names with dots cannot be keys of a document expression, so the fields are told apart by their place.
  return Object.fromEntries(fields.map((field, at) => [`f${at}`, `$${field}`]))
}
