import { compareValues } from '../../bson/compare.ts'
import { numberType, toDouble, toInteger } from '../../bson/number.ts'
import { isDocument, isNumber, typeOf } from '../../bson/value-type.ts'
import { failedToParse, locationError } from '../../server-error.ts'
import { unitOf } from '../expressions/date-arithmetic.ts'

export interface DensifyPlan {
  field: string[]
  partitionBy: string[][]
  step: unknown
  /** Of dates; undefined for numbers. */
  unit: string | undefined
  bounds: 'full' | 'partition' | [lower: unknown, upper: unknown]
}

/** Reads `$densify: { field, partitionByFields, range: { step, unit, bounds } }`. */
export function parseDensify(spec: unknown): DensifyPlan {
  if (!isDocument(spec)) {
    throw failedToParse(`The $densify stage specification must be an object, found ${typeOf(spec)}`)
  }
  const { field, partitionByFields = [], range, ...unknown } = spec
  refuseExtra('$densify', unknown)
  if (typeof field !== 'string') throw missing('$densify.field')
  if (!Array.isArray(partitionByFields) || !partitionByFields.every((name) => typeof name === 'string')) {
    throw failedToParse('$densify.partitionByFields must be an array of strings')
  }
  if (!isDocument(range)) throw missing('$densify.range')
  const { step, unit, bounds, ...unknownInRange } = range
  refuseExtra('$densify.range', unknownInRange)
  const plan: DensifyPlan = {
    field: field.split('.'),
    partitionBy: partitionByFields.map((name: string) => name.split('.')),
    step: checkedStep(step, unit),
    unit: unit === undefined ? undefined : unitOf(unit),
    bounds: boundsOf(bounds, step, unit),
  }
  if (plan.bounds === 'partition' && plan.partitionBy.length === 0) {
    throw locationError(
      5733408,
      "One cannot specify the bounds as 'partition' without specifying a non-empty array of partitionByFields. You may have meant to specify 'full' bounds.",
    )
  }
  return plan
}

function checkedStep(step: unknown, unit: unknown): unknown {
  if (!isNumber(step) || !(toDouble(step) > 0)) {
    throw locationError(
      5733401,
      'The step parameter in a range statement must be a strictly positive numeric value',
    )
  }
  if (unit !== undefined && toInteger(step) === undefined) {
    throw locationError(
      6586400,
      'The step parameter in a range statement must be a whole number when densifying a date range',
    )
  }
  return step
}

function boundsOf(bounds: unknown, step: unknown, unit: unknown): DensifyPlan['bounds'] {
  if (bounds === 'full' || bounds === 'partition') return bounds
  if (typeof bounds === 'string') {
    throw locationError(5946802, "Bounds string must either be 'full' or 'partition'")
  }
  if (!Array.isArray(bounds)) {
    throw locationError(
      5733404,
      "The bounds in a range statement must be the string 'full', 'partition', or an ascending array of two numbers or two dates",
    )
  }
  const [lower, upper] = bounds
  if (bounds.length !== 2) {
    throw locationError(5733403, 'A bounding array in a range statement must have exactly two elements')
  }
  if (compareValues(lower, upper) > 0) {
    throw locationError(
      5733402,
      'A bounding array must be an ascending array of either two dates or two numbers',
    )
  }
  checkBoundTypes(lower, upper, step, unit)
  return [lower, upper]
}

function checkBoundTypes(lower: unknown, upper: unknown, step: unknown, unit: unknown): void {
  const mixed = 'A bounding array must contain either both dates or both numeric types'
  if (lower instanceof Date) {
    if (!(upper instanceof Date)) throw locationError(5733405, mixed)
    if (unit === undefined) throw locationError(5733410, 'A bounding array of dates must specify a unit')
    return
  }
  if (!isNumber(lower)) throw locationError(5946800, 'Explicit bounds must be numeric or dates')
  if (unit !== undefined) throw locationError(5733409, 'Numeric bounds may not have unit parameter')
  if (!isNumber(upper)) throw locationError(5733406, mixed)
  const types = new Set([lower, upper, step].map(numberType))
  if (types.size > 1) {
    throw locationError(5876900, 'Upper bound, lower bound, and step must all have the same type')
  }
}

function refuseExtra(where: string, unknown: object): void {
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw locationError(40415, `BSON field '${where}.${extra}' is an unknown field.`)
}

function missing(field: string): Error {
  return locationError(40414, `BSON field '${field}' is missing but a required field`)
}
