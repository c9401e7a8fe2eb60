import { Types } from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleCategory } from '../domains/marketplace/category/repository.contract.ts'
import { newId } from '../platform/ids.ts'
import { objectIdOf } from './lenient.ts'
import { mongoUnitStore, type TouchedDocument } from './mongo-unit-store.ts'
import { type EscrowMongo, escrowMongo } from './testing/escrow-mongo.ts'

let mongo: EscrowMongo
const committed: { touched: TouchedDocument[]; hasTime: boolean }[] = []
beforeAll(async () => {
  mongo = await escrowMongo({
    onCommit: async (touched, operationTime) => {
      committed.push({ touched, hasTime: operationTime !== undefined })
    },
  })
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('a unit in MongoDB', () => {
  test('tells what a commit touched, once, deletes included', async () => {
    const store = mongo.units.category
    const category = exampleCategory()
    await store.transaction(async ({ categories }) => {
      await categories.insert(category)
      await categories.update({ ...category, order: 9 })
    })
    await store.transaction(({ categories }) => categories.remove(category.id))
    const expected = { touched: [{ collection: 'categories', id: objectIdOf(category.id) }], hasTime: true }
    expect(committed).toEqual([expected, expected])
  })

  test('tells which messages of a chat were touched, unless a write of it does not tell', async () => {
    const contexts = mongoUnitStore(mongo.connection, (context) => context, {
      onCommit: async (touched) => {
        committed.push({ touched, hasTime: true })
      },
    })
    const [id, a, b] = [new Types.ObjectId(), new Types.ObjectId(), new Types.ObjectId()]
    committed.length = 0
    await contexts.transaction(async ({ touched }) => {
      touched('chats', id, { messages: [a] })
      touched('chats', id, {})
      touched('chats', id, { messages: [b] })
    })
    await contexts.transaction(async ({ touched }) => {
      touched('chats', id, { messages: [a] })
      touched('chats', id)
      touched('chats', id, {})
    })
    expect(committed.map(({ touched }) => touched)).toEqual([
      [{ collection: 'chats', id, elements: { messages: [a, b] } }],
      [{ collection: 'chats', id }],
    ])
  })

  test('tells nothing of what was read, or rolled back', async () => {
    committed.length = 0
    const store = mongo.units.category
    await store.transaction(({ categories }) => categories.find(newId()))
    const failing = store.transaction(async ({ categories }) => {
      await categories.insert(exampleCategory())
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(committed).toEqual([])
  })

  test('a write outside a transaction is refused before it happens', async () => {
    const category = exampleCategory()
    await expect(mongo.units.category.read.categories.insert(category)).rejects.toThrow(
      'outside a transaction',
    )
    expect(await mongo.units.category.read.categories.find(category.id)).toBeNull()
  })
})
