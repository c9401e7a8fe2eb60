import { Double, Long, ObjectId } from 'bson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { parseId } from '../../../platform/ids.ts'
import { telegramLinkRepositoryContract } from '../link.repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('Telegram links in MongoDB', () => {
  telegramLinkRepositoryContract(async () => mongo.units.user)

  test('an account is found in every form that old documents have; of two, the lowest id', async () => {
    const collection = mongo.connection.collection('telegramlinks')
    const id = (n: number) => new ObjectId(n.toString(16).padStart(24, '5'))
    const forms = [Long.fromString('7812345678'), '7812345679', new Double(7_812_345_680)]
    for (const [n, telegramUserId] of forms.entries())
      await collection.insertOne({ _id: id(n + 1), telegramUserId, userId: id(9), isActive: true })
    await collection.insertOne({ _id: id(8), telegramUserId: forms[0], userId: id(10), isActive: true })
    const { telegramLinks } = mongo.units.user.read
    for (const n of [1, 2, 3]) {
      const found = await telegramLinks.findActive(String(7_812_345_677 + n))
      expect(found).toMatchObject({
        id: parseId(id(n).toHexString()),
        telegramUserId: String(7_812_345_677 + n),
      })
    }
  })
})
