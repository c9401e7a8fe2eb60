import { ObjectId } from 'bson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { parseId } from '../../../../platform/ids.ts'
import { destinationRepositoryContract, exampleDestination } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('derived destinations in MongoDB', () => {
  destinationRepositoryContract(
    async () => mongo.units.payment,
    (work) => count(work),
  )

  test('a counter that fell behind goes on above the highest index in use', async () => {
    const counters = mongo.connection.collection('counters')
    await counters.updateOne({ _id: 'derived_destination_index' as never }, { $set: { seq: 3 } })
    const store = mongo.units.payment
    const highest = exampleDestination()
    await store.transaction(({ destinations }) => destinations.insert(highest))
    const next = await store.transaction(({ destinations }) => destinations.nextIndex())
    expect(next).toBe(highest.derivationIndex + 1)
  })

  test('a sweep goes where null stands instead of a list', async () => {
    const _id = new ObjectId()
    await mongo.connection
      .collection('deriveddestinations')
      .insertOne({ _id, derivationIndex: 7, lastBalance: 12, sweeps: null, status: 'done' })
    const id = parseId(_id.toHexString())
    const sweep = { txHash: '0x1', amount: '12', at: new Date(0) }
    await mongo.units.payment.transaction(({ destinations }) => destinations.addSweep(id, sweep))
    expect(await mongo.units.payment.read.destinations.find(id)).toMatchObject({
      lastBalance: '12',
      status: 'done',
      sweeps: [sweep],
    })
  })
})
