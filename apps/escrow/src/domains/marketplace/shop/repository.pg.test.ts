import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { statementsOf } from '../../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../../testing/escrow-database.ts'
import { exampleUser } from '../../../testing/example-user.ts'
import { exampleShop, shopRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

async function makeSeller() {
  const user = exampleUser({ role: 'seller' })
  await database.units.user.transaction(({ users }) => users.insert(user))
  return user.id
}

describe('shops in Postgres', () => {
  shopRepositoryContract(async () => ({
    store: database.units.shop,
    makeSeller,
    count: statementsOf(database.pool),
  }))

  test('the database refuses unknown chains and sellers', async () => {
    const insert = (shop: ReturnType<typeof exampleShop>) =>
      database.units.shop.transaction(({ shops }) => shops.insert(shop))
    const unknown = insert(exampleShop(await makeSeller(), { allowedChains: [56, 3] }))
    await expect(unknown).rejects.toMatchObject({
      cause: { constraint: 'shop_settings_allowed_chains_known' },
    })
    await expect(insert(exampleShop(newId()))).rejects.toMatchObject({
      cause: { constraint: 'shop_settings_seller_id_users_fk' },
    })
  })
})
