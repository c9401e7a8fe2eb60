import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../testing/references-between-units.ts'
import { exampleAccount, exampleAddress, trezorRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
  count = statementsOf(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('Trezor accounts in Postgres', () => {
  trezorRepositoryContract(
    async () => database.units.trezor,
    (work) => count(work),
  )

  test('an address is one whatever its case', async () => {
    const account = exampleAccount()
    const { address } = exampleAddress(1)
    const add = (index: number, spelled: string) =>
      database.units.trezor.transaction(({ accounts }) =>
        accounts.addAddress(account.id, exampleAddress(index, { address: spelled })),
      )
    await database.units.trezor.transaction(({ accounts }) => accounts.insert(account))
    await add(1, address)
    await expect(add(2, address.toLowerCase())).rejects.toMatchObject({ code: 'TREZOR_ADDRESS_TAKEN' })
  })

  test('of two active accounts of old data the first counts, and both can be ended', async () => {
    const [first, second] = [exampleAccount(), exampleAccount()]
    const { accounts } = database.units.trezor.read
    await database.units.trezor.transaction(async (repositories) => {
      await repositories.accounts.insert(first)
      await repositories.accounts.insert(second)
    })
    await database.pool.query(
      `update trezor_accounts set user_id = $1, is_active = null,
         extra = '{"isActive":{"reason":"unique","value":true}}' where id = $2`,
      [first.userId, second.id],
    )
    expect((await accounts.findActive(first.userId))?.id).toBe(first.id)
    expect((await accounts.find(second.id))?.isActive).toBe(true)
    await database.units.trezor.transaction((repositories) =>
      repositories.accounts.deactivateOthers(first.userId, null, new Date(0)),
    )
    expect(await accounts.findActive(first.userId)).toBeNull()
  })
})
