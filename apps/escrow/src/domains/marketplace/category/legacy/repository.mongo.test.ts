import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { categoryRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('categories in MongoDB', () => {
  categoryRepositoryContract(async () => {
    await mongo.connection.collection('categories').deleteMany({})
    return mongo.units.category
  })

  test('a document that has nothing but its id is a category without anything', async () => {
    const { insertedId } = await mongo.connection
      .collection('categories')
      .insertOne({ order: 'third', isActive: 1 })
    const all = await mongo.units.category.read.categories.list({ activeOnly: false })
    expect(all.find(({ id }) => id.startsWith(insertedId.toHexString().slice(0, 8)))).toMatchObject({
      name: null,
      order: null,
      isActive: null,
      parentId: null,
      createdAt: null,
    })
  })
})
