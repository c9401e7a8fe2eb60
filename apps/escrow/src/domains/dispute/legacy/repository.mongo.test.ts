import { ObjectId } from 'bson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { publicId } from '../../../platform/ids.ts'
import { disputeRepositoryContract, exampleDispute } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('disputes in MongoDB', () => {
  disputeRepositoryContract(async () => {
    await mongo.connection.collection('disputes').deleteMany({})
    return { store: mongo.units.dispute, count: commandsOf(mongo.connection) }
  })

  test('an old open dispute keeps a new one away, though no index binds it', async () => {
    const dispute = exampleDispute()
    await mongo.connection.collection('disputes').insertMany([
      { purchaseRequestId: publicId(dispute.purchaseRequestId), status: 'pending' },
      { purchaseRequestId: new ObjectId(publicId(dispute.purchaseRequestId)), status: 'waiting_response' },
    ])
    const insert = mongo.units.dispute.transaction(({ disputes }) => disputes.insert(dispute))
    await expect(insert).rejects.toMatchObject({ code: 'DISPUTE_ALREADY_OPEN' })
  })
})
