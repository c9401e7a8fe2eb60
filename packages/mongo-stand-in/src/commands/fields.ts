import type { Document } from 'bson'
import { isDocument, isNullish, isNumber, typeOf } from '../bson/value-type.ts'
import { badValue, locationError, serverError, typeMismatch } from '../server-error.ts'

/** maxWriteBatchSize: what `hello` announces. */
export const MAX_STATEMENTS = 100_000

/** Fields of a command, checked for their type; absent and null are the same, as they are to a mongod. */

export function stringField(command: Document, field: string): string {
  const value: unknown = command[field]
  if (typeof value !== 'string') throw wrongType(field, value, 'string')
  return value
}

export function numberField(command: Document, field: string): number | undefined {
  const value: unknown = command[field]
  if (isNullish(value)) return undefined
  if (!isNumber(value)) throw wrongType(field, value, 'number')
  return Number(String(value))
}

/** A number that must not be negative: of documents to skip, for example. */
export function countField(command: Document, field: string): number | undefined {
  const number = numberField(command, field)
  if (number !== undefined && number < 0)
    throw locationError(51024, `BSON field '${field}' value must be >= 0, actual value '${number}'`)
  return number
}

export function booleanField(command: Document, field: string): boolean | undefined {
  const value: unknown = command[field]
  if (isNullish(value)) return undefined
  if (typeof value === 'boolean') return value
  if (!isNumber(value)) throw wrongType(field, value, 'bool')
  return Number(String(value)) !== 0
}

export function documentField(command: Document, field: string): Document | undefined {
  const value: unknown = command[field]
  if (isNullish(value)) return undefined
  if (!isDocument(value)) throw wrongType(field, value, 'object')
  return value
}

export function listField(command: Document, field: string): unknown[] {
  const value: unknown = command[field]
  if (!Array.isArray(value)) throw wrongType(field, value, 'array')
  return value
}

export function documentListField(command: Document, field: string): Document[] {
  return listField(command, field).map((value, at) => {
    if (!isDocument(value)) throw wrongType(`${field}.${at}`, value, 'object')
    return value
  })
}

/** One of a few words. */
export function choiceField(
  command: Document,
  field: string,
  choices: readonly string[],
): string | undefined {
  const value: unknown = command[field]
  if (isNullish(value)) return undefined
  if (typeof value !== 'string') throw wrongType(field, value, 'string')
  if (!choices.includes(value))
    throw badValue(`Enumeration value '${value}' for field '${field}' is not a valid value.`)
  return value
}

/** The statements of a write command, of which there must be some. */
export function statementsField(command: Document, field: string): Document[] {
  const statements = documentListField(command, field)
  assertStatementCount(statements)
  return statements
}

/** @throws ServerError InvalidLength for none, or more than a mongod takes at once */
export function assertStatementCount({ length }: readonly unknown[]): void {
  if (length > 0 && length <= MAX_STATEMENTS) return
  throw serverError(
    16,
    'InvalidLength',
    `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${length} operations.`,
  )
}

function wrongType(field: string, value: unknown, expected: string) {
  if (value === undefined)
    return locationError(40414, `BSON field '${field}' is missing but a required field`)
  return typeMismatch(
    `BSON field '${field}' is the wrong type '${typeOf(value)}', expected type '${expected}'`,
  )
}
