import { ObjectId } from 'bson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { newId, parseId, publicId } from '../../../platform/ids.ts'
import { exampleNotification, notificationRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('notifications in MongoDB', () => {
  notificationRepositoryContract(
    async () => {
      await mongo.connection.collection('notifications').deleteMany({})
      return mongo.units.notification
    },
    (work) => count(work),
  )

  test('people are named by text, and found by an ObjectId too', async () => {
    const store = mongo.units.notification
    const one = exampleNotification(newId())
    await store.transaction(({ notifications }) => notifications.insert(one))
    const userId = publicId(one.userId ?? newId())
    const collection = mongo.connection.collection('notifications')
    expect(await collection.findOne({ userId })).toMatchObject({ userId, isRead: false })
    await collection.insertOne({ userId: new ObjectId(userId), title: 'by a script', createdAt: new Date() })
    expect(await store.read.notifications.unreadCount(parseId(userId))).toBe(2)
  })

  test('lifetimes are left to the TTL index', async () => {
    const indexes = await mongo.connection.collection('notifications').indexes()
    expect(indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined)).toMatchObject([
      { key: { createdAt: 1 }, expireAfterSeconds: 7_776_000 },
    ])
    const removed = await mongo.units.notification.transaction(({ notifications }) =>
      notifications.removeExpired(new Date(), 100),
    )
    expect(removed).toBe(0)
  })
})
