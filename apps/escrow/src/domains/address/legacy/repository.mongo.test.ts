import { ObjectId } from 'bson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { newId, parseId, publicId } from '../../../platform/ids.ts'
import { addressRepositoryContract, exampleAddress } from '../repository.contract.ts'
import { addressModel } from './model.mongo.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('addresses in MongoDB', () => {
  addressRepositoryContract(
    async () => {
      await mongo.connection.collection('addresses').deleteMany({})
      return mongo.units.address
    },
    (work) => count(work),
  )

  test('people are found by text too, and a word for yes is none', async () => {
    const userId = new ObjectId().toHexString()
    await mongo.connection.collection('addresses').insertOne({ userId, primary: 'yes', zipCode: 12345 })
    expect(await mongo.units.address.read.addresses.listOf(parseId(userId))).toMatchObject([
      { userId: parseId(userId), primary: null, zipCode: '12345', name: null },
    ])
  })

  test('the hook of the legacy model demotes the others', async () => {
    const userId = newId()
    const old = exampleAddress(userId, { primary: true })
    await mongo.units.address.transaction(({ addresses }) => addresses.insert(old))
    await addressModel(mongo.connection).create({
      userId: new ObjectId(publicId(userId)),
      name: 'Work',
      fullAddress: 'Main Street 1',
      city: 'Berlin',
      state: 'Berlin',
      country: 'DE',
      primary: true,
    })
    expect(await mongo.units.address.read.addresses.find(old.id)).toMatchObject({ primary: false })
  })
})
