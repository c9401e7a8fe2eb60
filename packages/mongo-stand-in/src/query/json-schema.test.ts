import { Decimal128, type Document, Long } from 'bson'
import { expect, it } from 'vitest'
import { asStored } from '../bson/as-stored.ts'
import { compileQuery } from './compile-query.ts'

const compile = (schema: Document) => compileQuery(asStored({ $jsonSchema: schema }))

it.each<[schema: Document, document: Document, expected: boolean]>([
  [{ required: ['a'] }, { a: null }, true],
  [{ required: ['a'] }, {}, false],
  [{ properties: { a: { bsonType: 'int' } } }, { a: 1 }, true],
  [{ properties: { a: { bsonType: 'int' } } }, { a: Long.fromNumber(1) }, false],
  [{ properties: { a: { bsonType: 'int' } } }, {}, true],
  [{ properties: { a: { bsonType: ['long', 'decimal'] } } }, { a: Decimal128.fromString('1') }, true],
  [{ properties: { a: { type: 'number' } } }, { a: 1.5 }, true],
  [{ properties: { a: { type: 'boolean' } } }, { a: 1 }, false],
  [{ properties: { a: { enum: [1, 'x'] } } }, { a: Long.fromNumber(1) }, true],
  [{ properties: { a: { enum: [1, 'x'] } } }, { a: 'y' }, false],
  [{ properties: { a: { minimum: 1, maximum: 3 } } }, { a: 3 }, true],
  [{ properties: { a: { maximum: 3, exclusiveMaximum: true } } }, { a: 3 }, false],
  [{ properties: { a: { minimum: 1 } } }, { a: 'text' }, true],
  [{ properties: { a: { multipleOf: 3 } } }, { a: Long.fromNumber(9) }, true],
  [{ properties: { a: { pattern: '^x' } } }, { a: 'yx' }, false],
  [{ properties: { a: { minLength: 2 } } }, { a: '😀' }, false],
  [{ properties: { a: { items: { bsonType: 'string' } } } }, { a: ['x', 1] }, false],
  [
    { properties: { a: { items: [{ bsonType: 'string' }], additionalItems: false } } },
    { a: ['x', 1] },
    false,
  ],
  [{ properties: { a: { uniqueItems: true } } }, { a: [1, Long.fromNumber(1)] }, false],
  [{ properties: { a: {} }, additionalProperties: false }, { _id: 1, a: 1 }, false],
  [{ properties: { _id: {}, a: {} }, additionalProperties: false }, { _id: 1, a: 1 }, true],
  [{ patternProperties: { '^n': { bsonType: 'int' } } }, { name: 'x' }, false],
  [{ minProperties: 2 }, { a: 1 }, false],
  [{ dependencies: { a: ['b'] } }, { a: 1 }, false],
  [{ not: { required: ['a'] } }, { a: 1 }, false],
  [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 }, false],
  [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { b: 1 }, true],
  [{ title: 't', properties: { a: { bsonType: 'object', required: ['b'] } } }, { a: {} }, false],
])('%j accepts %j: %s', (schema, document, expected) => {
  expect(compile(schema).test(asStored(document))).toBe(expected)
})

it.each([
  [{ nonsense: 1 }, 9],
  [{ $ref: 'x' }, 9],
  [{ type: 'integer' }, 9],
  [{ type: 'string', bsonType: 'string' }, 9],
  [{ required: [] }, 9],
  [{ required: 'a' }, 14],
  [{ exclusiveMinimum: true }, 9],
])('refuses the schema %j with code %i', (schema, code) => {
  expect(() => compile(schema)).toThrow(expect.objectContaining({ code }))
})
