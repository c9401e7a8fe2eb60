import { freshDatabase } from 'test-world/postgres'
import { expect, it } from 'vitest'
import type { Engine } from '../engine.ts'
import type { NodeRow } from '../nodes/node-row.ts'
import { endBackendsOf } from './end-backends.ts'

it('ends the backends of a dead node and nobody else, however many the node had', async () => {
  await using database = await freshDatabase()
  const victim = await database.pool.connect()
  const bystander = await database.pool.connect()
  victim.on('error', () => {})
  const pidOf = async (client: typeof victim): Promise<number> =>
    (await client.query('select pg_backend_pid() as pid')).rows[0].pid
  const pid = await pidOf(victim)
  // Of backends that are long gone: no process has such a number.
  const gone = Array.from({ length: 500 }, (_, index) => 5_000_000 + index)
  const node = { backendPids: [...gone, pid], heartbeatAt: new Date(Date.now() + 1_000) } as NodeRow
  expect(await endBackendsOf({ pool: database.pool } as unknown as Engine, [node])).toEqual([pid])
  await expect(pidOf(victim)).rejects.toThrow()
  expect(await pidOf(bystander)).toBeGreaterThan(0)
  victim.release(true)
  bystander.release()
})
