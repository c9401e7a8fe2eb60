import { expect, it } from 'vitest'
import { freshDatabase } from './postgres.ts'

it('gives every caller an empty database of its own', async () => {
  await using first = await freshDatabase()
  await using second = await freshDatabase()
  await first.pool.query('create table only_here (id int)')
  const { rows } = await second.pool.query("select to_regclass('only_here') as found")
  expect(rows[0].found).toBeNull()
})
