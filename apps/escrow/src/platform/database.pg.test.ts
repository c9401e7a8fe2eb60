import { setTimeout as sleep } from 'node:timers/promises'
import { freshDatabase } from 'test-world/postgres'
import { expect, it } from 'vitest'
import { createPool } from './database.ts'

it('survives a server that ends a connection between two statements of a transaction', async () => {
  await using database = await freshDatabase()
  const lost: string[] = []
  const pool = createPool(database.url, (error) => void lost.push(error.message))
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query('select pg_backend_pid() as pid')
    await database.pool.query('select pg_terminate_backend($1)', [rows[0].pid])
    await sleep(100)
    expect(lost.length).toBeGreaterThan(0)
    await expect(client.query('select 1')).rejects.toThrow()
  } finally {
    client.release(true)
  }
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await pool.end()
})
