import { ObjectId } from 'bson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { parseId } from '../../../platform/ids.ts'
import { exampleAddress, trezorRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('Trezor accounts in MongoDB', () => {
  trezorRepositoryContract(
    async () => mongo.units.trezor,
    (work) => count(work),
  )

  test('old data: ids as text, several active accounts, null instead of a list', async () => {
    const userId = new ObjectId()
    const old = [
      { _id: new ObjectId(), userId: userId.toHexString(), isActive: true, addresses: null },
      { _id: new ObjectId(), userId, isActive: true, nextAddressIndex: '4' },
    ]
    await mongo.connection.collection('trezoraccounts').insertMany(old)
    const user = parseId(userId.toHexString())
    const { read } = mongo.units.trezor
    const first = await read.accounts.findActive(user)
    expect(first).toMatchObject({ id: parseId(String(old[0]?._id)), addresses: [], xpub: null })
    await mongo.units.trezor.transaction(async ({ accounts }) => {
      await accounts.addAddress(first?.id ?? user, exampleAddress(1))
      await accounts.deactivateOthers(user, first?.id ?? null, new Date(0))
    })
    expect((await read.accounts.findActive(user))?.addresses).toHaveLength(1)
    expect(await read.accounts.find(parseId(String(old[1]?._id)))).toMatchObject({
      isActive: false,
      nextAddressIndex: 4,
    })
  })
})
