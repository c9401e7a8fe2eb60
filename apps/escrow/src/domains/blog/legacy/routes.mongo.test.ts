import { afterAll, beforeAll } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { escrowApp } from '../../../testing/escrow-app.ts'
import { blogRoutesContract } from '../routes.contract.ts'

let mongo: EscrowMongo
beforeAll(async () => {
  mongo = await escrowMongo()
})
afterAll(() => mongo[Symbol.asyncDispose]())

blogRoutesContract(async () => escrowApp(mongo.units))
