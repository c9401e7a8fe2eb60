import type { Document } from 'bson'
import { isDocument } from '../bson/value-type.ts'
import { failedToParse, typeMismatch } from '../server-error.ts'
import {
  atLeast,
  atMost,
  type KeywordContext,
  type KeywordTable,
  sizeKeyword,
} from './json-schema-keyword.ts'
import type { ValueTest } from './predicate.ts'
import { compileRegex } from './regex-test.ts'

/** Keywords about documents and their properties. */
export const OBJECT_KEYWORDS: KeywordTable = {
  required: (argument) => {
    const names = nameList('required', argument)
    return (value) => !isDocument(value) || names.every((name) => Object.hasOwn(value, name))
  },

  properties: (argument, context) => {
    const schemas = schemaMap('properties', argument, context)
    return (value) =>
      !isDocument(value) ||
      schemas.every(([name, matches]) => !Object.hasOwn(value, name) || matches(value[name]))
  },

  patternProperties: (argument, context) => {
    const schemas = schemaMap('patternProperties', argument, context).map(
      ([pattern, matches]) => [compileRegex(pattern, undefined), matches] as const,
    )
    return (value) =>
      !isDocument(value) ||
      Object.entries(value).every(([name, inner]) =>
        schemas.every(([pattern, matches]) => !pattern.test(name) || matches(inner)),
      )
  },

  additionalProperties: (argument, { schema, compile }) => {
    const matches = typeof argument === 'boolean' ? () => argument : compile(argument)
    const known = new Set(Object.keys((schema.properties as Document | undefined) ?? {}))
    const patterns = Object.keys((schema.patternProperties as Document | undefined) ?? {}).map((pattern) =>
      compileRegex(pattern, undefined),
    )
    const isKnown = (name: string) => known.has(name) || patterns.some((pattern) => pattern.test(name))
    return (value) =>
      !isDocument(value) || Object.entries(value).every(([name, inner]) => isKnown(name) || matches(inner))
  },

  minProperties: sizeKeyword('minProperties', propertyCount, atLeast),
  maxProperties: sizeKeyword('maxProperties', propertyCount, atMost),

  dependencies: (argument, { compile }) => {
    if (!isDocument(argument)) throw typeMismatch("$jsonSchema keyword 'dependencies' must be an object")
    const rules = Object.entries(argument).map(([name, rule]) => {
      if (!Array.isArray(rule)) return [name, compile(rule)] as const
      const names = nameList('dependencies', rule)
      return [
        name,
        (value: unknown) => names.every((other) => Object.hasOwn(value as Document, other)),
      ] as const
    })
    return (value) =>
      !isDocument(value) || rules.every(([name, matches]) => !Object.hasOwn(value, name) || matches(value))
  },
}

function schemaMap(keyword: string, argument: unknown, { compile }: KeywordContext): [string, ValueTest][] {
  if (!isDocument(argument)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an object`)
  return Object.entries(argument).map(([name, schema]) => [name, compile(schema)])
}

function nameList(keyword: string, argument: unknown): string[] {
  if (!Array.isArray(argument)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array`)
  if (argument.length === 0) throw failedToParse(`$jsonSchema keyword '${keyword}' cannot be an empty array`)
  for (const name of argument) {
    if (typeof name !== 'string') {
      throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array of strings`)
    }
  }
  if (new Set(argument).size < argument.length) {
    throw failedToParse(`$jsonSchema keyword '${keyword}' array cannot contain duplicate values`)
  }
  return argument
}

function propertyCount(value: unknown): number | undefined {
  return isDocument(value) ? Object.keys(value).length : undefined
}
