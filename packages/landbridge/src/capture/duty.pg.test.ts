import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { freshDatabase } from 'test-world/postgres'
import { expect, it, vi } from 'vitest'
import type { Engine } from '../engine.ts'
import { applyNumberedSql } from '../install/apply-sql.ts'
import { inTransaction } from '../target/transaction.ts'
import { holdDuty, pause } from './duty.ts'

const soon = (check: () => void) => vi.waitFor(check, { timeout: 15_000 })

async function newDatabase() {
  const database = await freshDatabase()
  await inTransaction(database.pool, {}, (tx) => applyNumberedSql(tx))
  const node = () =>
    ({
      pool: database.pool,
      log: pino({ level: 'silent' }),
      node: { id: randomUUID(), name: 'test' },
    }) as unknown as Engine
  return { ...database, node, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

it('is done by one node, and by the next one when that stops', async () => {
  await using database = await newDatabase()
  const doing: string[] = []
  const work = (name: string) => async (signal: AbortSignal) => {
    doing.push(name)
    while (!signal.aborted) await pause(1_000, signal)
  }
  const first = holdDuty(database.node(), 'relay', work('first'))
  await soon(() => expect(doing).toEqual(['first']))
  const second = holdDuty(database.node(), 'relay', work('second'))
  expect(doing).toEqual(['first'])
  await first.stop()
  await soon(() => expect(doing).toEqual(['first', 'second']))
  await second.stop()
  expect((await database.pool.query('select from landbridge.duty')).rows).toEqual([])
})

it('ends when another node has taken the duty, and work that fails is begun again', async () => {
  await using database = await newDatabase()
  let [begun, ended] = [0, 0]
  const duty = holdDuty(database.node(), 'relay', async (signal) => {
    if (++begun === 1) throw new Error('Postgres was away for a moment')
    while (!signal.aborted) await pause(5_000, signal)
    ended++
  })
  await soon(() => expect(begun).toBe(2))
  await database.pool.query("update landbridge.duty set node = $1, until = now() + interval '1 minute'", [
    randomUUID(),
  ])
  await soon(() => expect(ended).toBe(1))
  await duty.stop()
})
