import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Decimal128, Double, Int32, ObjectId } from 'mongodb'
import pg from 'pg'
import { readCollectionProgress, unitProgress } from '../../backfill/backfill-progress.ts'
import { planChunks } from '../../backfill/plan-chunks.ts'
import { enqueueChunks } from '../../backfill/workers/chunk-jobs.ts'
import { jobSchema, prepareJobQueue } from '../../backfill/workers/job-queue.ts'
import { withdrawJobs } from '../../backfill/workers/withdraw-jobs.ts'
import { drainToMarker } from '../../capture/caught-up.ts'
import { defineLandbridge } from '../../config.ts'
import type { Engine } from '../../engine.ts'
import { isPassing } from '../../errors.ts'
import { changePhase } from '../../fence/change-phase.ts'
import { install } from '../../install.ts'
import { type Random, randomOf } from '../../mapping/fuzz/random.ts'
import { startNode } from '../../nodes/start-node.ts'
import { type OpenEngine, openEngine } from '../../open-engine.ts'
import { reconcile } from '../../reconcile/reconcile.ts'
import { verify } from '../../verify/verify.ts'
import { quickTiming } from '../quick-timing.ts'
import { sampleTables, sampleUnit } from '../sample-unit.ts'
import { startWorkerProcess, type TestedWorker } from '../start-worker-process.ts'
import { startLiveWrites } from './live-writes.ts'

export interface CrashOptions {
  postgresUrl: string
  mongoUrl: string
  kills: number
  seed: number
  documents: number
  workers: number
  writesPerSecond: number
  onKill?: (kill: {
    number: number
    worker: string
    heldChunks: number
    done: number
    chunks: number
  }) => void
}

export interface CrashReport {
  seed: number
  kills: number
  /** Kills of a worker that was copying a chunk. */
  killsInChunk: number
  /** How often the whole collection was begun anew because it was complete before the last kill. */
  backfills: number
  writes: number
  documents: number
  compared: number
  differences: number
  gapsLeft: number
  seconds: number
}

/**
 * Copies a collection with several worker processes beside live writes and kills workers at random, again and again;
 * then lets the copy end, stops the writes, and compares every entity. Everything that comes by chance comes from the
 * seed, except when a process is scheduled.
 */
export async function crashBackfill(options: CrashOptions): Promise<CrashReport> {
  const started = performance.now()
  const random = randomOf(options.seed)
  await using stores = await openStores(options)
  const { engine, databaseName, postgresUrl } = stores
  const ids = await insertThings(engine, options.documents)
  const node = await startNode(engine, { duties: { capture: true, relay: true, reconcile: true } })
  await enterMirror(engine)
  const writes = startLiveWrites(engine.database, { random, perSecond: options.writesPerSecond, ids })
  const workers: TestedWorker[] = []
  const start = async () => {
    const name = `worker ${workers.length + 1}`
    workers.push(await startWorkerProcess({ postgresUrl, mongoUrl: options.mongoUrl, databaseName }, name))
  }
  try {
    await prepareJobQueue(engine.pool, engine.log)
    await plan(engine, false)
    await Promise.all(Array.from({ length: options.workers }, start))
    const killed = await killAtRandom(engine, options, random, workers, start)
    await untilCopied(engine)
    await writes.stop()
    for (const worker of workers) if (worker.isAlive()) await worker.stop()
    return {
      seed: options.seed,
      kills: options.kills,
      ...killed,
      writes: writes.done(),
      documents: await engine.database.collection('things').countDocuments(),
      ...(await compare(engine)),
      seconds: Math.round((performance.now() - started) / 100) / 10,
    }
  } finally {
    await writes.stop()
    for (const worker of workers) if (worker.isAlive()) await worker.kill()
    await node.stop()
  }
}

async function killAtRandom(
  engine: Engine,
  options: CrashOptions,
  random: Random,
  workers: TestedWorker[],
  start: () => Promise<void>,
): Promise<{ killsInChunk: number; backfills: number }> {
  let [killsInChunk, backfills] = [0, 1]
  for (let number = 1; number <= options.kills; number++) {
    await sleep(50 + random.below(400))
    const progress = unitProgress(await readCollectionProgress(engine.pool, 'sample'))
    if (progress.pending === 0) {
      await plan(engine, true)
      backfills += 1
    }
    const living = workers.filter((worker) => worker.isAlive())
    const victim = living[random.below(living.length)]
    if (victim === undefined) throw new Error('no worker is alive: they end by themselves')
    const heldChunks = await chunksHeldBy(engine, victim.id)
    await victim.kill()
    if (heldChunks > 0) killsInChunk += 1
    options.onKill?.({
      number,
      worker: victim.name,
      heldChunks,
      done: progress.done,
      chunks: progress.chunks,
    })
    await start()
  }
  return { killsInChunk, backfills }
}

async function chunksHeldBy(engine: Engine, worker: string): Promise<number> {
  const { rows } = await engine.pool.query<{ held: number }>(
    `select count(*)::int as held from ${jobSchema}.jobs j
       join landbridge.chunk_worker w on w.pool = j.locked_by where w.id = $1`,
    [worker],
  )
  return rows[0]?.held ?? 0
}

async function plan(engine: Engine, restart: boolean): Promise<void> {
  for (const mapping of sampleUnit.mappings) {
    if (restart) await withdrawJobs(engine, mapping.collection)
    await planChunks(engine, mapping, { restart })
  }
  await enqueueChunks(engine.pool, ['sample'])
}

async function untilCopied(engine: Engine): Promise<void> {
  const deadline = Date.now() + 120_000
  for (;;) {
    const progress = unitProgress(await readCollectionProgress(engine.pool, 'sample'))
    if (progress.failed > 0) throw new Error(`${progress.failed} chunks failed`)
    if (progress.pending === 0) return
    if (Date.now() > deadline) throw new Error(`${progress.pending} chunks are still not copied`)
    await sleep(100)
  }
}

async function compare(engine: Engine): Promise<Pick<CrashReport, 'compared' | 'differences' | 'gapsLeft'>> {
  await drainToMarker(engine, { purpose: 'before the comparison', timeoutMs: 60_000 })
  const { left } = await reconcile(engine, 'sample', { all: true })
  const report = await verify(engine, 'sample', { graceMs: 500 })
  const compared = report.collections.reduce((sum, each) => sum + each.compared, 0)
  if (!report.complete || compared === 0) throw new Error('the comparison did not come to its end')
  return { compared, differences: report.differences, gapsLeft: left }
}

async function enterMirror(engine: Engine): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await changePhase(engine, { unit: 'sample', to: 'mirror', actor: 'crash test' })
      return
    } catch (error) {
      if (!isPassing(error) || attempt === 20) throw error
      await sleep(500)
    }
  }
}

async function insertThings(engine: Engine, count: number): Promise<ObjectId[]> {
  const ids = Array.from({ length: count }, () => new ObjectId())
  const documents = ids.map((_id, at) => ({
    _id,
    name: `thing ${at}`,
    price: at % 2 === 0 ? Decimal128.fromString('1.50') : new Double(at % 1_000),
    parts: [{ label: `part ${at}`, quantity: new Int32(at % 10) }],
  }))
  for (let from = 0; from < count; from += 1_000) {
    await engine.database.collection('things').insertMany(documents.slice(from, from + 1_000))
  }
  await engine.database.collection('notes').insertOne({ thing: ids[0], body: 'hello' } as never)
  return ids
}

interface Stores extends AsyncDisposable {
  engine: OpenEngine
  postgresUrl: string
  databaseName: string
}

/** Empty databases of its own on both servers, gone at the end. */
async function openStores(options: CrashOptions): Promise<Stores> {
  const databaseName = `crash_${randomBytes(6).toString('hex')}`
  await onServer(options.postgresUrl, `create database ${databaseName}`)
  const address = new URL(options.postgresUrl)
  address.pathname = `/${databaseName}`
  const postgresUrl = address.toString()
  const engine = await openEngine({
    config: defineLandbridge({
      units: [sampleUnit],
      build: 'test',
      backfill: { chunkSize: 50, workers: 1 },
      timing: { ...quickTiming, pingMs: 2_000, pauseBudgetMs: 4_000 },
    }),
    postgresUrl,
    mongoUrl: options.mongoUrl,
    databaseName,
    nodeName: 'crash test',
  })
  await engine.pool.query(sampleTables)
  await install(engine)
  return {
    engine,
    postgresUrl,
    databaseName,
    [Symbol.asyncDispose]: async () => {
      await engine.database.dropDatabase()
      await engine.close()
      await onServer(options.postgresUrl, `drop database ${databaseName} with (force)`)
    },
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
