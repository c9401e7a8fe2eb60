import { afterAll, beforeAll } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { escrowApp } from '../../../testing/escrow-app.ts'
import { telegramRoutesContract } from '../routes.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

// Today: MongoDB removes at once what is past its time.
telegramRoutesContract(async () => escrowApp(mongo.units, new Date().toISOString()))
