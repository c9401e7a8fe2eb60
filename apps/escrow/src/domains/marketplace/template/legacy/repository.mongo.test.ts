import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandsOf } from '../../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { templateRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('templates in MongoDB', () => {
  templateRepositoryContract(async () => {
    await mongo.connection.collection('requesttemplates').deleteMany({})
    return { store: mongo.units.request, count: commandsOf(mongo.connection) }
  })

  it('a template whose id was written by hand, which does not cross, is in no list and in no count', async () => {
    const templates = mongo.connection.collection<{ _id: unknown }>('requesttemplates')
    await templates.deleteMany({})
    const sellerId = new ObjectId()
    const template = { sellerId, title: 'By hand', isActive: true, usageCount: 0 }
    await templates.insertMany([
      { _id: new ObjectId(), ...template },
      { _id: 'by hand', ...template },
    ])
    const { read } = mongo.units.request
    const everything = { limit: 10, offset: 0 }
    expect(await read.templates.list({}, everything)).toHaveLength(1)
    expect(await read.templates.sellers(new Date(), everything)).toMatchObject([{ templates: 1 }])
  })
})
