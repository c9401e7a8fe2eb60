import { setTimeout as sleep } from 'node:timers/promises'
import { freshDatabase } from 'test-world/postgres'
import { expect, test } from 'vitest'
import { createJobQueue, type Job } from './jobs.ts'
import { silentLogger } from './logger.ts'

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !isSo() && Date.now() < end; ) await sleep(20)
}

const never = '0 0 29 2 *'
const settings = { logger: silentLogger, pollMs: 50, retryMs: 50 }

test('of many processes one runs a job at a time; different jobs do not wait for each other', async () => {
  await using database = await freshDatabase()
  let [active, most, done, others] = [0, 0, 0, 0]
  const jobs: Job[] = [
    {
      name: 'slow',
      schedule: never,
      run: async () => {
        active += 1
        most = Math.max(most, active)
        await sleep(120)
        active -= 1
        done += 1
      },
    },
    {
      name: 'other',
      schedule: never,
      run: async () => {
        others += 1
      },
    },
  ]
  // As two processes would: each has a pool and a runner of its own.
  const queues = [1, 2].map(() => createJobQueue({ ...settings, databaseUrl: database.url, jobs }))
  for (const queue of queues) queue.start()
  for (let round = 1; round <= 3; round += 1) {
    // One of them runs at once, of those that are asked for meanwhile one is left.
    for (const queue of [...queues, ...queues]) await queue.request('slow')
    await until(() => active === 1)
    for (const queue of [...queues, ...queues]) await queue.request('slow')
    await until(() => active === 0)
  }
  await queues[0]?.request('other')
  await until(() => others === 1 && active === 0)
  await Promise.all(queues.map((queue) => queue.stop()))
  expect(most).toBe(1)
  expect(done).toBeGreaterThanOrEqual(3)
  expect(others).toBe(1)
})

test('a job that fails waits to be tried again, with the reason', async () => {
  await using database = await freshDatabase()
  const run = async () => {
    throw new Error('not yet')
  }
  const jobs = [{ name: 'shaky', schedule: never, run }]
  const queue = createJobQueue({ ...settings, databaseUrl: database.url, jobs })
  queue.start()
  await queue.request('shaky')
  const asked =
    'select attempts, max_attempts, last_error from graphile_worker._private_jobs where locked_at is null'
  const look = async () => (await database.pool.query(asked)).rows[0]
  let waiting = await look()
  for (const end = Date.now() + 15_000; !waiting?.last_error && Date.now() < end; waiting = await look())
    await sleep(20)
  await queue.stop()
  expect(waiting).toMatchObject({
    attempts: 1,
    max_attempts: 3,
    last_error: expect.stringMatching('not yet'),
  })
})

test('a queue whose connections are lost goes on', async () => {
  await using database = await freshDatabase()
  let done = 0
  const run = async () => {
    done += 1
  }
  const jobs = [{ name: 'steady', schedule: never, run }]
  const queue = createJobQueue({ ...settings, databaseUrl: database.url, jobs })
  queue.start()
  await queue.request('steady')
  await until(() => done === 1)
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'escrow'",
  )
  // The pool hands out dead connections until it has noticed each.
  const ask = (): Promise<void> => queue.request('steady').catch(() => sleep(50).then(ask))
  await ask()
  await until(() => done === 2)
  await queue.stop()
  expect(done).toBe(2)
})

test('without a database the queue waits, and stops when it is told to', async () => {
  const queue = createJobQueue({ ...settings, databaseUrl: 'postgres://nobody@127.0.0.1:1/none', jobs: [] })
  queue.start()
  await sleep(200)
  await queue.stop()
})
