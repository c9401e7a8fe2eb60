import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { objectIdOf } from '../../../../migration/lenient.ts'
import { commandsOf } from '../../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { newId, publicId } from '../../../../platform/ids.ts'
import { shopRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('shops in MongoDB', () => {
  shopRepositoryContract(async () => ({
    store: mongo.units.shop,
    makeSeller: async () => newId(),
    count: commandsOf(mongo.connection),
  }))

  test('a seller whose id is text has a shop, and of two shops the first', async () => {
    const [twice, once] = [newId(), newId()]
    const [first, second, third] = [newId(), newId(), newId()] as const
    await mongo.connection.collection('shopsettings').insertMany([
      { _id: objectIdOf(second), sellerId: objectIdOf(twice), name: 'second' },
      { _id: objectIdOf(first), sellerId: publicId(twice), name: 'first' },
      { _id: objectIdOf(third), sellerId: publicId(once), name: 'as text' },
    ])
    const { shops } = mongo.units.shop.read
    expect(await shops.findBySeller(twice)).toMatchObject({ sellerId: twice, name: 'first' })
    const found = await shops.findBySellers([twice, once])
    expect(found.map(({ name }) => name).sort()).toEqual(['as text', 'first'])
  })
})
