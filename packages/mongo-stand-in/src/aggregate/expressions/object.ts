import type { Document } from 'bson'
import { ownField, setOwnField } from '../../bson/path.ts'
import { isDocument, isNullish, typeOf } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { namedOperand, type OperatorTable, positional, unary } from './operator.ts'

/** Expressions on documents; `$getField` and `$setField` reach names that begin with `$` or hold a dot. */
export const OBJECT: OperatorTable = {
  $mergeObjects: positional('$mergeObjects', [0, Number.POSITIVE_INFINITY], (values) => mergeObjects(values)),

  $objectToArray: unary('$objectToArray', (value) => {
    if (isNullish(value)) return null
    if (!isDocument(value)) {
      throw locationError(40390, `$objectToArray requires a document input, found: ${typeOf(value)}`)
    }
    return Object.entries(value).map(([k, v]) => ({ k, v }))
  }),

  $getField: (operand, { compile }) => {
    const given = isDocument(operand) && 'field' in operand ? operand : { field: operand, input: '$$CURRENT' }
    const args = namedOperand('$getField', given, { required: ['field'], optional: ['input'] })
    const name = fieldName('$getField', args.field)
    const input = compile('input' in args ? args.input : '$$CURRENT')
    return (scope) => {
      const document = input(scope)
      if (isNullish(document)) return document
      return isDocument(document) ? ownField(document, name) : undefined
    }
  },

  $setField: (operand, { compile }) => {
    const args = fieldOperand('$setField', operand, ['field', 'value', 'input'])
    const name = fieldName('$setField', args.field)
    const input = compile(args.input)
    const value = compile(args.value)
    return (scope) => withField('$setField', input(scope), name, value(scope))
  },

  $unsetField: (operand, { compile }) => {
    const args = fieldOperand('$unsetField', operand, ['field', 'input'])
    const name = fieldName('$unsetField', args.field)
    const input = compile(args.input)
    return (scope) => withField('$unsetField', input(scope), name, undefined)
  },
}

const FIELD_CODES: Readonly<Record<string, number>> = { field: 4161102, value: 4161103, input: 4161109 }

function fieldOperand(name: string, operand: unknown, fields: readonly string[]): Record<string, unknown> {
  if (!isDocument(operand)) throw locationError(4161100, `${name} only supports an object as its argument`)
  const unknown = Object.keys(operand).find((field) => !fields.includes(field))
  if (unknown !== undefined) throw locationError(4161101, `${name} found an unknown argument: ${unknown}`)
  for (const field of fields) {
    if (!(field in operand))
      throw locationError(FIELD_CODES[field] ?? 4161101, `${name} requires '${field}' to be specified`)
  }
  return operand
}

/** The fields of all documents in one; a later value wins, at the place of the earlier one. */
export function mergeObjects(values: readonly unknown[]): Document {
  const merged: Document = {}
  for (const value of values) {
    if (isNullish(value)) continue
    if (!isDocument(value)) {
      throw locationError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeOf(value)}`,
      )
    }
    for (const [name, inner] of Object.entries(value)) setOwnField(merged, name, inner)
  }
  return merged
}

function withField(name: string, document: unknown, field: string, value: unknown): Document | null {
  if (isNullish(document)) return null
  if (!isDocument(document)) {
    throw locationError(4161105, `${name} requires 'input' to evaluate to type Object`)
  }
  const copy = { ...document }
  if (value === undefined) delete copy[field]
  else setOwnField(copy, field, value)
  return copy
}

/** The field is a constant: a plain string, or a literal if it begins with `$`. */
function fieldName(name: string, spec: unknown): string {
  const field = isDocument(spec) && '$literal' in spec ? spec.$literal : spec
  if (typeof field !== 'string') {
    throw locationError(5654602, `${name} requires 'field' to evaluate to a constant of type String`)
  }
  if (field === spec && field.startsWith('$')) {
    throw locationError(
      5654600,
      `A field path reference is not allowed in ${name}: wrap '${field}' in $literal`,
    )
  }
  return field
}
