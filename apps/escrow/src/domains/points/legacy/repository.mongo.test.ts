import { afterAll, beforeAll, describe } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { newId } from '../../../platform/ids.ts'
import { pointTransactionRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('point transactions in MongoDB', () => {
  pointTransactionRepositoryContract(
    async () => mongo.units.user,
    async () => newId(),
  )
})
