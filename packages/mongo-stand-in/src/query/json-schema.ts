import { isDocument, typeOf } from '../bson/value-type.ts'
import { failedToParse, typeMismatch } from '../server-error.ts'
import { ARRAY_KEYWORDS } from './json-schema-array.ts'
import { type KeywordTable, schemaList } from './json-schema-keyword.ts'
import { OBJECT_KEYWORDS } from './json-schema-object.ts'
import { SCALAR_KEYWORDS } from './json-schema-scalar.ts'
import type { Predicate, ValueTest } from './predicate.ts'

const LOGIC_KEYWORDS: KeywordTable = {
  allOf: (list, { compile }) => {
    const schemas = schemaList('allOf', list, compile)
    return (value) => schemas.every((matches) => matches(value))
  },
  anyOf: (list, { compile }) => {
    const schemas = schemaList('anyOf', list, compile)
    return (value) => schemas.some((matches) => matches(value))
  },
  oneOf: (list, { compile }) => {
    const schemas = schemaList('oneOf', list, compile)
    return (value) => schemas.filter((matches) => matches(value)).length === 1
  },
  not: (schema, { compile }) => {
    const matches = compile(schema)
    return (value) => !matches(value)
  },
}

const KEYWORDS: KeywordTable = {
  ...SCALAR_KEYWORDS,
  ...OBJECT_KEYWORDS,
  ...ARRAY_KEYWORDS,
  ...LOGIC_KEYWORDS,
}

/** Keywords that a mongod knows of and refuses too. */
const REFUSED = new Set(['$ref', '$schema', 'default', 'definitions', 'format', 'id'])

/**
 * Compiles `$jsonSchema`: draft 4 with MongoDB's `bsonType`. A keyword for one kind of value says nothing about others,
 * and a property that is absent is judged by `required` alone.
 *
 * @throws ServerError FailedToParse for an unknown keyword, TypeMismatch for a keyword with a wrong argument.
 */
export function compileJsonSchema(schema: unknown): Predicate {
  if (!isDocument(schema)) throw typeMismatch('$jsonSchema must be an object')
  const matches = compileSchema(schema)
  return (document) => matches(document)
}

function compileSchema(schema: unknown): ValueTest {
  if (!isDocument(schema))
    throw typeMismatch(`$jsonSchema: a schema must be an object, but found ${typeOf(schema)}`)
  if ('type' in schema && 'bsonType' in schema) {
    throw failedToParse('Cannot specify both $jsonSchema keywords type and bsonType')
  }
  const tests: ValueTest[] = []
  for (const [keyword, argument] of Object.entries(schema)) {
    if (REFUSED.has(keyword))
      throw failedToParse(`$jsonSchema keyword '${keyword}' is not currently supported`)
    const compiler = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined
    if (compiler === undefined) throw failedToParse(`Unknown $jsonSchema keyword: ${keyword}`)
    const test = compiler(argument, { compile: compileSchema, schema })
    if (test !== undefined) tests.push(test)
  }
  return (value) => tests.every((test) => test(value))
}
