import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { telegramRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('Telegram sessions in MongoDB', () => {
  telegramRepositoryContract(
    async () => {
      for (const name of ['telegramsessions', 'lb_telegram_updates'])
        await mongo.connection.collection(name).deleteMany({})
      return mongo.units.telegram
    },
    (work) => count(work),
  )

  test.each([
    ['telegramsessions', { expiresAt: 1 }, 0],
    ['lb_telegram_updates', { receivedAt: 1 }, 604_800],
  ])('lifetimes of %s are left to the TTL index', async (name, key, expireAfterSeconds) => {
    const indexes = await mongo.connection.collection(name).indexes()
    expect(indexes.filter((index) => index.expireAfterSeconds !== undefined)).toMatchObject([
      { key, expireAfterSeconds },
    ])
  })

  test('the clean-up removes nothing here', async () => {
    const future = new Date(Date.now() + 86_400_000_000)
    const removed = await mongo.units.telegram.transaction(async ({ sessions, updates }) => [
      await sessions.removeExpired(future, 10),
      await updates.removeExpired(future, 10),
    ])
    expect(removed).toEqual([0, 0])
  })
})
