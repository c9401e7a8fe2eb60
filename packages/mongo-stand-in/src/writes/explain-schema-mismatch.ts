import type { Document } from 'bson'
import { isDocument, typeOf } from '../bson/value-type.ts'
import { compileQuery } from '../query/compile-query.ts'

const REASONS: Readonly<Record<string, string>> = {
  bsonType: 'type did not match',
  type: 'type did not match',
  enum: 'value was not found in enum',
  minimum: 'comparison failed',
  maximum: 'comparison failed',
  multipleOf: 'considered value is not a multiple of the specified value',
  minLength: 'specified string length was not satisfied',
  maxLength: 'specified string length was not satisfied',
  pattern: 'regular expression did not match',
  minItems: 'array did not match specified length',
  maxItems: 'array did not match specified length',
  uniqueItems: 'found a duplicate item',
}
/** What says nothing by itself but changes what its neighbour demands. */
const MODIFIERS: Readonly<Record<string, string>> = {
  minimum: 'exclusiveMinimum',
  maximum: 'exclusiveMaximum',
}
const NO_RULES = new Set(['title', 'description', ...Object.values(MODIFIERS), 'additionalItems'])

/** Why a document does not match `$jsonSchema`, rule by rule, in the form in which a mongod tells it. */
export function explainSchemaMismatch(schema: Document, document: Document): Document {
  return {
    operatorName: '$jsonSchema',
    ...labels(schema),
    schemaRulesNotSatisfied: brokenRules(schema, document),
  }
}

function brokenRules(schema: Document, value: unknown): Document[] {
  return Object.keys(schema).flatMap((keyword) => {
    if (NO_RULES.has(keyword) || matches(ruleOf(schema, keyword), value)) return []
    return [{ operatorName: keyword, ...brokenRule(keyword, schema, value) }]
  })
}

/** One keyword of the schema, with what changes its meaning. */
function ruleOf(schema: Document, keyword: string): Document {
  const { properties, patternProperties } = schema
  const modifier = MODIFIERS[keyword]
  if (keyword === 'additionalProperties') {
    const known = Object.keys(properties ?? {}).map((name) => [name, {}])
    const patterns = Object.keys(patternProperties ?? {}).map((pattern) => [pattern, {}])
    return {
      additionalProperties: schema.additionalProperties,
      properties: Object.fromEntries(known),
      patternProperties: Object.fromEntries(patterns),
    }
  }
  return {
    [keyword]: schema[keyword],
    ...(modifier !== undefined && modifier in schema ? { [modifier]: schema[modifier] } : {}),
  }
}

function brokenRule(keyword: string, schema: Document, value: unknown): Document {
  const argument: unknown = schema[keyword]
  const specifiedAs = { [keyword]: argument }
  switch (keyword) {
    case 'properties':
      return { propertiesNotSatisfied: propertiesNotSatisfied(argument as Document, value as Document) }
    case 'required': {
      const names = argument as string[]
      return {
        specifiedAs,
        missingProperties: names.filter((name) => !Object.hasOwn(value as Document, name)),
      }
    }
    case 'additionalProperties':
      return { specifiedAs, additionalProperties: additional(schema, value as Document) }
    case 'minProperties':
    case 'maxProperties':
      return {
        specifiedAs,
        reason: 'specified number of properties was not satisfied',
        numberOfProperties: Object.keys(value as Document).length,
      }
    case 'items':
      return brokenItem(argument, value as unknown[])
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return { schemasNotSatisfied: schemasNotSatisfied(argument as Document[], value) }
    default:
      return {
        specifiedAs,
        reason: REASONS[keyword] ?? 'schema rule was not satisfied',
        consideredValue: value,
        ...(keyword === 'bsonType' || keyword === 'type' ? { consideredType: typeOf(value) } : {}),
      }
  }
}

function propertiesNotSatisfied(schemas: Document, document: Document): Document[] {
  return Object.entries(schemas).flatMap(([propertyName, schema]) => {
    if (!Object.hasOwn(document, propertyName)) return []
    const details = brokenRules(schema, document[propertyName])
    return details.length === 0 ? [] : [{ propertyName, ...labels(schema), details }]
  })
}

function additional({ properties = {}, patternProperties = {} }: Document, document: Document): string[] {
  const patterns = Object.keys(patternProperties).map((pattern) => new RegExp(pattern))
  return Object.keys(document).filter(
    (name) => !Object.hasOwn(properties, name) && !patterns.some((pattern) => pattern.test(name)),
  )
}

function brokenItem(schemas: unknown, items: unknown[]): Document {
  for (const [itemIndex, item] of items.entries()) {
    const schema: unknown = Array.isArray(schemas) ? schemas[itemIndex] : schemas
    const details = isDocument(schema) ? brokenRules(schema, item) : []
    if (details.length > 0)
      return { reason: 'At least one item did not match the sub-schema', itemIndex, details }
  }
  return { reason: 'At least one item did not match the sub-schema' }
}

function schemasNotSatisfied(schemas: Document[], value: unknown): Document[] {
  return schemas.flatMap((schema, index) => {
    const details = brokenRules(schema, value)
    return details.length === 0 ? [] : [{ index, details }]
  })
}

/** Whether the value, as a property of some document, satisfies the schema. */
function matches(schema: Document, value: unknown): boolean {
  return compileQuery({ $jsonSchema: { properties: { value: schema } } }).test({ value })
}

function labels({ title, description }: Document): Document {
  return { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) }
}
