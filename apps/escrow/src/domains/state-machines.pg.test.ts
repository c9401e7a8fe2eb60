import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EscrowDatabase, escrowDatabase } from '../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../testing/references-between-units.ts'
import { exampleDispute } from './dispute/repository.contract.ts'
import { disputeMoves } from './dispute/states.ts'
import { exampleOffer } from './marketplace/offer/repository.contract.ts'
import { offerMoves } from './marketplace/offer/states.ts'
import { exampleRequest } from './marketplace/request/repository.contract.ts'
import { requestMoves } from './marketplace/request/states.ts'
import { exampleDestination } from './payment/destination/repository.contract.ts'
import { destinationMoves } from './payment/destination/states.ts'
import { examplePayment } from './payment/repository.contract.ts'
import { escrowMoves, statusMoves } from './payment/states.ts'

let database: EscrowDatabase
let client: pg.PoolClient
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
  const request = exampleRequest()
  await database.units.request.transaction(async ({ requests, offers }) => {
    await requests.insert(request)
    await offers.insert(exampleOffer({ purchaseRequestId: request.id }))
  })
  await database.units.payment.transaction(async ({ payments, destinations }) => {
    await payments.insert(examplePayment())
    await destinations.insert(exampleDestination())
  })
  await database.units.dispute.transaction(({ disputes }) => disputes.insert(exampleDispute()))
  client = await database.pool.connect()
})
afterAll(async () => {
  client.release(true)
  await database[Symbol.asyncDispose]()
})

/** Puts the only row of a table into a state behind the triggers' back, and tries to move it. */
async function moves(
  table: string,
  column: string,
  from: string | null,
  to: string | null,
): Promise<boolean> {
  await client.query('set session_replication_role = replica')
  await client.query(`update ${table} set ${column} = $1`, [from])
  await client.query('set session_replication_role = origin')
  try {
    await client.query(`update ${table} set ${column} = $1`, [to])
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: '23514', constraint: `${table}_${column}_moves` })
    return false
  }
}

describe('the database allows the moves of the state machines and no others', () => {
  test.each([
    { table: 'purchase_requests', column: 'status', machine: requestMoves },
    { table: 'seller_offers', column: 'status', machine: offerMoves },
    { table: 'disputes', column: 'status', machine: disputeMoves },
    { table: 'payments', column: 'status', machine: statusMoves },
    { table: 'payments', column: 'escrow_state', machine: escrowMoves },
    { table: 'derived_destinations', column: 'status', machine: destinationMoves },
  ])('$column of $table', async ({ table, column, machine }) => {
    for (const [from, allowed] of Object.entries(machine)) {
      for (const to of Object.keys(machine)) {
        const expected = from === to || to in allowed
        expect({ from, to, moves: await moves(table, column, from, to) }).toEqual({
          from,
          to,
          moves: expected,
        })
      }
      // Nothing is no way out; where a word of the past stood, the service decides what leads out of it.
      expect({ from, empties: await moves(table, column, from, null) }).toEqual({ from, empties: false })
      expect({ from, begins: await moves(table, column, null, from) }).toEqual({ from, begins: true })
    }
  })
})
