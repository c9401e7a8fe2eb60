import type { Document } from 'bson'
import { valuesAtPath } from '../bson/path.ts'
import { isDocument, typeOf } from '../bson/value-type.ts'
import { compileQuery } from '../query/compile-query.ts'
import { explainSchemaMismatch } from './explain-schema-mismatch.ts'

const REASONS: Readonly<Record<string, string>> = {
  $in: 'no matching value found in array',
  $nin: 'matching value found in array',
  $regex: 'regular expression did not match',
  $type: 'type did not match',
  $exists: 'path does not exist',
  $size: 'array length was not equal to given size',
  $mod: 'remainder did not match',
  $all: 'array did not contain all specified values',
  $elemMatch: 'array did not satisfy the child predicate',
}
const COMPARISONS = new Set(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'])

/** Why a document does not match a query that it does not match: the `details` of a failed validation. */
export function explainMismatch(query: Document, document: Document): Document {
  const clauses = Object.entries(query).flatMap(([name, value]) => clausesOf(name, value))
  const [only, ...more] = clauses
  return only !== undefined && more.length === 0
    ? explainClause(only, document)
    : { operatorName: '$and', clausesNotSatisfied: failing(clauses, document) }
}

/** `{ a: { $gt: 1, $lt: 5 } }` are two clauses; a field with a value is one of equality. */
function clausesOf(name: string, value: unknown): Document[] {
  if (name.startsWith('$')) return [{ [name]: value }]
  if (!isDocument(value) || !Object.keys(value).some((key) => key.startsWith('$')))
    return [{ [name]: { $eq: value } }]
  const { $options, ...operators } = value
  return Object.entries(operators).map(([operator, argument]) => ({
    [name]: {
      [operator]: argument,
      ...(operator === '$regex' && $options !== undefined ? { $options } : {}),
    },
  }))
}

function failing(clauses: Document[], document: Document): Document[] {
  return clauses.flatMap((clause, index) =>
    compileQuery(clause).test(document) ? [] : [{ index, details: explainMismatch(clause, document) }],
  )
}

function explainClause(clause: Document, document: Document): Document {
  const [name = ''] = Object.keys(clause)
  const argument: unknown = clause[name]
  if (name === '$jsonSchema' && isDocument(argument)) return explainSchemaMismatch(argument, document)
  if ((name === '$and' || name === '$or') && Array.isArray(argument))
    return { operatorName: name, clausesNotSatisfied: failing(argument.filter(isDocument), document) }
  if (name === '$nor' && Array.isArray(argument)) {
    const satisfied = argument.flatMap((inner: unknown, index) =>
      isDocument(inner) && compileQuery(inner).test(document)
        ? [{ index, details: { specifiedAs: inner } }]
        : [],
    )
    return { operatorName: name, clausesSatisfied: satisfied }
  }
  if (name === '$expr')
    return {
      operatorName: name,
      specifiedAs: clause,
      reason: 'expression did not match',
      expressionResult: false,
    }
  if (name.startsWith('$'))
    return { operatorName: name, specifiedAs: clause, reason: 'expression did not match' }
  const [operator = ''] = Object.keys(argument as Document)
  return { operatorName: operator, specifiedAs: clause, ...considered(operator, name, document) }
}

function considered(operator: string, path: string, document: Document): Document {
  const values = valuesAtPath(document, path)
  const found = values.filter((value) => value !== undefined)
  if (operator === '$exists') return { reason: found.length === 0 ? REASONS.$exists : 'path does exist' }
  if (found.length === 0) return { reason: 'field was missing' }
  const reason = COMPARISONS.has(operator)
    ? 'comparison failed'
    : (REASONS[operator] ?? 'expression did not match')
  const [only] = found
  return {
    reason,
    ...(found.length === 1 ? { consideredValue: only } : { consideredValues: found }),
    ...(operator === '$type' && found.length === 1 ? { consideredType: typeOf(only) } : {}),
  }
}
