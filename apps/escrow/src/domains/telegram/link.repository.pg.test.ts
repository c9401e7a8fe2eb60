import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { telegramLinkRepositoryContract } from './link.repository.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

describe('Telegram links in Postgres', () => {
  telegramLinkRepositoryContract(async () => database.units.user)

  test('an account that the row only keeps is shown, and is nobody in particular', async () => {
    const id = newId()
    const extra = { telegramUserId: { reason: 'unique', value: { $numberLong: '7912345678' } } }
    await database.pool.query('insert into telegram_links (id, is_active, extra) values ($1, true, $2)', [
      id,
      JSON.stringify(extra),
    ])
    expect(await database.units.user.read.telegramLinks.findActive('7912345678')).toBeNull()
    const { rows } = await database.pool.query(
      'select count(*)::int as n from telegram_links where id = $1',
      [id],
    )
    expect(rows).toEqual([{ n: 1 }])
  })
})
