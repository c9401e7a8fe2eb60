import { setTimeout as sleep } from 'node:timers/promises'
import { ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../engine.ts'
import { pause } from '../../operator-api/pause.ts'
import { resume } from '../../operator-api/resume.ts'
import { status } from '../../operator-api/status.ts'
import { throttle } from '../../operator-api/throttle.ts'
import { inTransaction } from '../../target/transaction.ts'
import { quickTiming } from '../../testing/quick-timing.ts'
import { thingsMapping } from '../../testing/sample-unit.ts'
import { type SampleWorld, sampleWorld } from '../../testing/sample-world.ts'
import { startWorkerProcess, type TestedWorker } from '../../testing/start-worker-process.ts'
import { readCollectionProgress, unitProgress } from '../backfill-progress.ts'
import { planChunks } from '../plan-chunks.ts'
import { enqueueChunks } from './chunk-jobs.ts'
import { jobSchema, prepareJobQueue } from './job-queue.ts'

/** Processes start slowly on a busy machine. */
const soon = { timeout: 10_000 }

interface WorkersWorld {
  world: SampleWorld
  engine: Engine
  start(name: string): Promise<TestedWorker>
  plan(): Promise<void>
  done(): Promise<number>
  untilCopied(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Things in chunks of five that real processes copy; this process copies none. */
async function workersWorld(things: number): Promise<WorkersWorld> {
  const world = await sampleWorld('mirror', quickTiming)
  const engine = {
    ...world.engine,
    config: { ...world.engine.config, backfill: { chunkSize: 5, workers: 1 } },
  }
  await engine.pool.query(
    "insert into landbridge.position (capture, cluster_time) values ('change-stream', 1)",
  )
  await engine.database
    .collection('things')
    .insertMany(Array.from({ length: things }, (_, at) => ({ _id: new ObjectId(), name: `thing ${at}` })))
  await prepareJobQueue(engine.pool, engine.log)
  const workers: TestedWorker[] = []
  const progress = async () => unitProgress(await readCollectionProgress(engine.pool, 'sample'))
  return {
    world,
    engine,
    async start(name) {
      const worker = await startWorkerProcess(world, name)
      workers.push(worker)
      return worker
    },
    async plan() {
      await planChunks(engine, thingsMapping)
      await enqueueChunks(engine.pool, ['sample'])
    },
    done: async () => (await progress()).done,
    async untilCopied() {
      await expect.poll(async () => (await progress()).pending, { timeout: 20_000 }).toBe(0)
      const { rows } = await engine.pool.query('select count(*)::int as n from things')
      expect(rows[0].n).toBe(things)
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) if (worker.isAlive()) await worker.kill()
      await world[Symbol.asyncDispose]()
    },
  }
}

/** Holds the table, so that chunks stand still in the middle, until it is told to let go. */
async function holdThings(engine: Engine): Promise<() => Promise<void>> {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let holding: Promise<void> = Promise.resolve()
  await new Promise<void>((held) => {
    holding = inTransaction(engine.pool, {}, async (tx) => {
      await tx.query('lock table things in access exclusive mode')
      held()
      await released
    })
  })
  return async () => {
    release()
    await holding
  }
}

async function chunksOf(engine: Engine, worker: TestedWorker): Promise<string[]> {
  const { rows } = await engine.pool.query<{ chunk: string }>(
    `select split_part(j.key, ':', 2) as chunk from ${jobSchema}.jobs j
       join landbridge.chunk_worker w on w.pool = j.locked_by where w.id = $1`,
    [worker.id],
  )
  return rows.map((row) => row.chunk)
}

describe('workers in processes of their own', { timeout: 60_000 }, () => {
  it('share the chunks; those of one that is killed, or frozen, are copied by another within seconds', async () => {
    await using on = await workersWorld(200)
    const release = await holdThings(on.engine)
    const workers = await Promise.all(['killed', 'frozen', 'well'].map((name) => on.start(name)))
    await on.plan()
    const [killed, frozen, well] = workers
    if (killed === undefined || frozen === undefined || well === undefined) throw new Error('no workers')
    for (const worker of workers) await expect.poll(() => chunksOf(on.engine, worker), soon).toHaveLength(2)
    const theirs = [...(await chunksOf(on.engine, killed)), ...(await chunksOf(on.engine, frozen))]
    frozen.process.kill('SIGSTOP')
    await killed.kill()
    await release()
    const started = performance.now()
    await on.untilCopied()
    expect(performance.now() - started).toBeLessThan(10_000)
    const { rows } = await on.engine.pool.query(
      "select count(*)::int as n from landbridge.chunk where id = any($1) and status = 'done'",
      [theirs],
    )
    expect(rows[0].n).toBe(4)
    // It wakes without its sessions, writes nothing, and is a worker again.
    frozen.process.kill('SIGCONT')
    await expect
      .poll(async () => (await on.engine.pool.query('select from landbridge.chunk_worker')).rowCount, soon)
      .toBe(2)
    await on.untilCopied()
    await well.stop()
  })

  it('outlive lost connections; told to stop, they end with their chunks done, and another goes on', async () => {
    await using on = await workersWorld(100)
    await throttle(on.engine, { actor: 'Ada', change: { documentsPerSecond: 60 } })
    const first = await on.start('first')
    await on.plan()
    for (let cut = 0; cut < 2; cut++) {
      await expect.poll(on.done, soon).toBeGreaterThan(cut)
      await on.engine.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'landbridge first'`,
      )
    }
    await expect.poll(on.done, soon).toBeGreaterThan(5)
    await first.stop()
    expect(await on.done()).toBeLessThan(20)
    expect(first.process.exitCode).toBe(0)
    await throttle(on.engine, { actor: 'Ada', off: true })
    await on.start('second')
    await on.untilCopied()
    const { rowCount } = await on.engine.pool.query(
      `select from ${jobSchema}.jobs where locked_by is not null`,
    )
    expect(rowCount).toBe(0)
  })

  it('are paused, limited in their number and let go on while they run', async () => {
    await using on = await workersWorld(400)
    const { engine } = on
    await throttle(engine, { actor: 'Ada', change: { documentsPerSecond: 40 } })
    await Promise.all([on.start('one'), on.start('two')])
    await on.plan()
    await expect.poll(on.done, soon).toBeGreaterThanOrEqual(2)

    await pause(engine, { unit: 'sample', actor: 'Ada', reason: 'sale of the year' })
    expect(await pause(engine, { unit: 'sample', actor: 'Ada', reason: 'sale of the year' })).toMatchObject({
      changed: false,
    })
    const [unit] = (await status(engine)).units
    expect(unit?.backfill).toMatchObject({
      throttledBy: 'paused by an operator: sale of the year (Ada)',
      workers: 2,
      expected: expect.any(Number),
    })
    await sleep(700)
    const paused = await on.done()
    await sleep(700)
    expect(await on.done()).toBe(paused)

    await throttle(engine, { unit: 'sample', actor: 'Ada', change: { workers: 1 } })
    await resume(engine, { unit: 'sample', actor: 'Ada' })
    await expect.poll(on.done, soon).toBeGreaterThan(paused)
    const reasons = async () => {
      const { rows } = await engine.pool.query('select throttled from landbridge.chunk_worker')
      return rows.filter((row) => row.throttled.sample === 'only 1 worker may copy').length
    }
    await expect.poll(reasons, soon).toBe(1)
    await throttle(engine, { unit: 'sample', actor: 'Ada', off: true })
    await expect.poll(reasons, soon).toBe(0)
    await throttle(engine, { actor: 'Ada', off: true })
    await on.untilCopied()
    const { rows } = await engine.pool.query("select action from landbridge.audit where action <> 'throttle'")
    expect(rows.map((row) => row.action)).toEqual(['pause', 'resume'])
  })
})
