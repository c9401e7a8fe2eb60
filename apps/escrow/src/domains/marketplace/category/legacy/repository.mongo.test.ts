import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { parseId } from '../../../../platform/ids.ts'
import { categoryRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('categories in MongoDB', () => {
  categoryRepositoryContract(
    async () => {
      await mongo.connection.collection('categories').deleteMany({})
      return mongo.units.category
    },
    (work) => count(work),
  )

  test('a document that has nothing but its id is a category without anything', async () => {
    const { insertedId } = await mongo.connection
      .collection('categories')
      .insertOne({ order: 'third', isActive: 1 })
    const all = await mongo.units.category.read.categories.list({ activeOnly: false })
    expect(all.find(({ id }) => id === parseId(insertedId.toHexString()))).toMatchObject({
      name: null,
      order: null,
      isActive: null,
      parentId: null,
      createdAt: null,
    })
  })
})
