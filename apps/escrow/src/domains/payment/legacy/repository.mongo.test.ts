import { afterAll, beforeAll, describe } from 'vitest'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { ledgerRepositoryContract } from '../ledger.repository.contract.ts'
import { examplePayment, paymentRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('payments in MongoDB', () => {
  paymentRepositoryContract(
    async () => mongo.units.payment,
    (work) => count(work),
  )
})

describe('the ledger in MongoDB', () => {
  ledgerRepositoryContract(
    async () => mongo.units.payment,
    async (store) => {
      const payment = examplePayment()
      await store.transaction(({ payments }) => payments.insert(payment))
      return payment.id
    },
    (work) => count(work),
  )
})
