import { afterAll, beforeAll, describe } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { tempVerificationRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('waiting sign-ups in MongoDB', () => {
  tempVerificationRepositoryContract(async () => mongo.units.user)
})
