import { afterAll, beforeAll, describe } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { ledgerRepositoryContract } from '../ledger.repository.contract.ts'
import { examplePayment, paymentRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('payments in MongoDB', () => {
  paymentRepositoryContract(async () => mongo.units.payment)
})

describe('the ledger in MongoDB', () => {
  ledgerRepositoryContract(
    async () => mongo.units.payment,
    async (store) => {
      const payment = examplePayment()
      await store.transaction(({ payments }) => payments.insert(payment))
      return payment.id
    },
  )
})
