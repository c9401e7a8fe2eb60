import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../testing/references-between-units.ts'
import { exampleEntry, ledgerRepositoryContract } from './ledger.repository.contract.ts'
import { examplePayment, paymentRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  count = statementsOf(database.pool)
  await dropReferencesBetweenUnits(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

async function freshPayment() {
  const payment = examplePayment()
  await database.units.payment.transaction(({ payments }) => payments.insert(payment))
  return payment.id
}

describe('payments in Postgres', () => {
  paymentRepositoryContract(
    async () => database.units.payment,
    (work) => count(work),
  )

  test('old payments may share a transaction: the rule binds those whose ledger is whole', async () => {
    const [one, two] = [await freshPayment(), await freshPayment()]
    const share = (id: string) =>
      database.pool.query(
        `update payments set transaction_hash = 'SIM_1', log_index = 0, origin = null, ledger_complete = null
         where id = $1`,
        [id],
      )
    await share(one)
    await share(two)
    const bound = database.pool.query(
      'update payments set ledger_complete = true where id = any($1::uuid[])',
      [[one, two]],
    )
    await expect(bound).rejects.toMatchObject({ code: '23505', constraint: 'payments_transaction_key' })
  })
})

describe('the ledger in Postgres', () => {
  ledgerRepositoryContract(
    async () => database.units.payment,
    freshPayment,
    (work) => count(work),
  )

  test('nobody changes or removes an entry, not even who writes as replication does', async () => {
    const entry = exampleEntry(await freshPayment())
    await database.units.payment.transaction(({ ledger }) => ledger.append(entry))
    const refused = { code: '23001' }
    const { pool } = database
    await expect(pool.query("update funds_ledger_entries set note = 'x'")).rejects.toMatchObject(refused)
    await expect(pool.query('delete from funds_ledger_entries')).rejects.toMatchObject(refused)
    await expect(pool.query('truncate funds_ledger_entries cascade')).rejects.toMatchObject(refused)
    const client = await pool.connect()
    try {
      await client.query('set session_replication_role = replica')
      await expect(client.query('delete from funds_ledger_entries')).rejects.toMatchObject(refused)
    } finally {
      client.release(true)
    }
  })
})
