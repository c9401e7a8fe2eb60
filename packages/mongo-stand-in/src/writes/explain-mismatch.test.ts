import { Int32 } from 'bson'
import { describe, expect, test } from 'vitest'
import { failure, startTestServer } from '../testing/test-server.ts'
import { explainMismatch } from './explain-mismatch.ts'

describe('why a document fails its validator', () => {
  test('a comparison tells the value that it considered, or that there was none', () => {
    const query = { age: { $gte: 18 } }
    expect(explainMismatch(query, { age: new Int32(3) })).toEqual({
      operatorName: '$gte',
      specifiedAs: query,
      reason: 'comparison failed',
      consideredValue: new Int32(3),
    })
    expect(explainMismatch(query, {})).toEqual({
      operatorName: '$gte',
      specifiedAs: query,
      reason: 'field was missing',
    })
  })

  test('several demands tell which of them are not met', () => {
    expect(explainMismatch({ a: 1, b: { $gt: 0, $lt: 5 } }, { a: 1, b: 9 })).toEqual({
      operatorName: '$and',
      clausesNotSatisfied: [
        {
          index: 2,
          details: {
            operatorName: '$lt',
            specifiedAs: { b: { $lt: 5 } },
            reason: 'comparison failed',
            consideredValue: 9,
          },
        },
      ],
    })
    expect(explainMismatch({ $or: [{ a: 1 }, { b: { $in: [1] } }] }, { b: 2 })).toMatchObject({
      operatorName: '$or',
      clausesNotSatisfied: [
        { index: 0, details: { operatorName: '$eq', reason: 'field was missing' } },
        { index: 1, details: { operatorName: '$in', reason: 'no matching value found in array' } },
      ],
    })
  })

  test('a schema tells the rules, down to the property', () => {
    const schema = {
      title: 'person',
      required: ['name', 'age'],
      additionalProperties: false,
      properties: {
        _id: {},
        name: { bsonType: 'string', description: 'how to call them' },
        tags: { items: { maxLength: 2 } },
        age: { minimum: 0, exclusiveMinimum: true },
      },
    }
    expect(
      explainMismatch({ $jsonSchema: schema }, { name: new Int32(1), tags: ['ok', 'long'], extra: 1 }),
    ).toEqual({
      operatorName: '$jsonSchema',
      title: 'person',
      schemaRulesNotSatisfied: [
        {
          operatorName: 'required',
          specifiedAs: { required: ['name', 'age'] },
          missingProperties: ['age'],
        },
        {
          operatorName: 'additionalProperties',
          specifiedAs: { additionalProperties: false },
          additionalProperties: ['extra'],
        },
        {
          operatorName: 'properties',
          propertiesNotSatisfied: [
            {
              propertyName: 'name',
              description: 'how to call them',
              details: [
                {
                  operatorName: 'bsonType',
                  specifiedAs: { bsonType: 'string' },
                  reason: 'type did not match',
                  consideredValue: new Int32(1),
                  consideredType: 'int',
                },
              ],
            },
            {
              propertyName: 'tags',
              details: [
                {
                  operatorName: 'items',
                  reason: 'At least one item did not match the sub-schema',
                  itemIndex: 1,
                  details: [
                    {
                      operatorName: 'maxLength',
                      specifiedAs: { maxLength: 2 },
                      reason: 'specified string length was not satisfied',
                      consideredValue: 'long',
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    })
    expect(explainMismatch({ $jsonSchema: schema }, { name: 'x', age: new Int32(0) })).toMatchObject({
      schemaRulesNotSatisfied: [
        { propertiesNotSatisfied: [{ propertyName: 'age', details: [{ operatorName: 'minimum' }] }] },
      ],
    })
  })

  test('reaches the client with the _id of the document', async () => {
    await using server = await startTestServer()
    const { db } = server
    const collection = await db.createCollection<{ _id: number; a?: number }>('c', {
      validator: { a: { $gt: 0 } },
    })
    const failed = await failure(collection.insertOne({ _id: 7, a: -1 }))
    expect(failed).toMatchObject({ code: 121 })
    expect(JSON.stringify(failed.reply)).toContain('"failingDocumentId":7')
    expect(JSON.stringify(failed.reply)).toContain('"reason":"comparison failed"')
  })
})
