import { indexKey } from '../bson/index-key.ts'
import {
  atLeast,
  atMost,
  booleanArgument,
  type KeywordTable,
  schemaList,
  sizeKeyword,
} from './json-schema-keyword.ts'

/** Keywords about arrays. */
export const ARRAY_KEYWORDS: KeywordTable = {
  items: (argument, { compile }) => {
    if (Array.isArray(argument)) {
      const schemas = schemaList('items', argument, compile)
      return (value) =>
        !Array.isArray(value) || schemas.every((matches, at) => at >= value.length || matches(value[at]))
    }
    const matches = compile(argument)
    return (value) => !Array.isArray(value) || value.every((element) => matches(element))
  },

  additionalItems: (argument, { schema, compile }) => {
    const matches = typeof argument === 'boolean' ? () => argument : compile(argument)
    // Without a list of items nothing is additional.
    const listed = Array.isArray(schema.items) ? schema.items.length : Number.POSITIVE_INFINITY
    return (value) => !Array.isArray(value) || value.slice(listed).every((element) => matches(element))
  },

  minItems: sizeKeyword('minItems', elementCount, atLeast),
  maxItems: sizeKeyword('maxItems', elementCount, atMost),

  uniqueItems: (argument) => {
    if (!booleanArgument('uniqueItems', argument)) return undefined
    return (value) =>
      !Array.isArray(value) || new Set(value.map((element) => indexKey(element))).size === value.length
  },
}

function elementCount(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined
}
