import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import { type Engine, mappingOf } from '../../engine.ts'
import { chargePace } from '../../throttle/pace.ts'
import type { Throttle } from '../../throttle/store-throttle.ts'
import { chunkGate } from './chunk-gate.ts'
import { chunkJobSchema, enqueueChunks, taskOf } from './chunk-jobs.ts'
import { type CopyOutcome, chunkCopier } from './copy-job.ts'
import { jobLogger, jobSchema, openQueuePool, prepareJobQueue } from './job-queue.ts'
import { releaseDeadWorkers } from './release-dead.ts'
import { readWorkers, signOff, storeHeartbeat } from './worker-row.ts'

/** Two chunks at once: while one waits for a store, the other is encoded. */
const IN_FLIGHT = 2
const RETRY_MS = 1_000

export interface ChunkWorkerOptions {
  /** Its name among the workers; a new one unless told otherwise. */
  id?: string
  /** Units whose chunks it takes; all of the configuration unless told otherwise. */
  units?: readonly string[]
  /** As `stop`, but at once: no chunk is taken any more. */
  signal?: AbortSignal
  /** So long it waits between two looks for work. */
  pollMs?: number
  /** In the place of the health of both stores. */
  throttle?: Throttle
  /** Called before this worker looks for a chunk: why it takes none of a unit, by unit. */
  onThrottled?: (reasons: Record<string, string>) => void
  /** Called after each chunk of this worker. */
  onChunk?: (chunk: { chunk: string; collection: string; outcome: CopyOutcome }) => void
}

export interface ChunkWorker {
  id: string
  /** Lets the chunks that are being copied finish, and takes no more. */
  stop(): Promise<void>
}

/**
 * A worker: takes chunks from the queue that all machines share, two at a time, tells that it lives, and gives back
 * what dead workers held. While Postgres is away it waits for it.
 */
export async function startChunkWorker(
  engine: Engine,
  options: ChunkWorkerOptions = {},
): Promise<ChunkWorker> {
  const id = options.id ?? randomUUID()
  const units = options.units ?? engine.config.units.map((unit) => unit.name)
  const stopping = new AbortController()
  const state = { pool: null as string | null, busyUnits: [...units], ranks: new Map<string, number>() }
  let throttled: Record<string, string> = {}
  const gate = chunkGate(engine, {
    units: () => state.busyUnits,
    rankOf: (unit) => state.ranks.get(unit) ?? 0,
    throttle: options.throttle,
  })
  const copy = chunkCopier(engine)

  async function forbidden(): Promise<string[]> {
    if (stopping.signal.aborted || options.signal?.aborted === true) return [...units]
    throttled = await gate.reasons()
    options.onThrottled?.(throttled)
    // A unit that had nothing to copy when it was last looked at is looked at again before its first chunk.
    const unknown = units.filter((unit) => !state.busyUnits.includes(unit))
    return [...unknown, ...Object.keys(throttled)]
  }

  async function task(payload: unknown): Promise<void> {
    const { chunk, unit, collection, first } = chunkJobSchema.parse(payload)
    const mapping = mappingOf(engine, collection)
    if (mapping === undefined) return
    const outcome = await copy({ chunk, mapping, first })
    if (outcome.status === 'copied') {
      await chargePace(engine.pool, gate.settingsOf(unit)?.rates ?? [], outcome)
    }
    options.onChunk?.({ chunk, collection, outcome })
  }

  async function beat(): Promise<void> {
    await storeHeartbeat(engine, { id, pool: state.pool, units, throttled })
    await releaseDeadWorkers(engine)
    await enqueueChunks(engine.pool, units)
    const living = await readWorkers(engine.pool, engine.config.timing.nodeDeadAfterMs)
    for (const unit of units) {
      const serving = living.filter((worker) => worker.units.includes(unit))
      state.ranks.set(
        unit,
        Math.max(
          0,
          serving.findIndex((worker) => worker.id === id),
        ),
      )
    }
    if (units.length > 1) state.busyUnits = await pendingUnits(engine, units)
  }

  const events: WorkerEvents = new EventEmitter()
  events.on('pool:create', ({ workerPool }) => {
    state.pool = workerPool.id
    storeHeartbeat(engine, { id, pool: state.pool, units, throttled }).catch((error: unknown) =>
      engine.log.debug({ err: error }, 'a worker could not tell its name yet'),
    )
  })
  const startRunner = (): Promise<Runner> =>
    run({
      // By itself it does not wait for the statement that ends a job: one that fails, because Postgres went away, would
      // end the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      pgPool: queuePool,
      schema: jobSchema,
      logger: jobLogger(engine.log),
      noHandleSignals: true,
      concurrency: IN_FLIGHT,
      pollInterval: options.pollMs ?? 1_000,
      taskList: Object.fromEntries(units.map((unit) => [taskOf(unit), task])) satisfies TaskList,
      parsedCronItems: [],
      forbiddenFlags: forbidden,
      events,
    })

  await prepareJobQueue(engine.pool, engine.log)
  await beat()
  await forbidden()
  const queuePool = openQueuePool(engine)
  const running = keepRunning(engine, startRunner, stopping.signal)
  const beating = keepBeating(engine, beat)
  return {
    id,
    async stop() {
      stopping.abort()
      // The heartbeat goes on while the last chunks finish, or they would be given to others.
      await running
      await beating.stop()
      await queuePool.end()
      await signOff(engine, id).catch((error: unknown) =>
        engine.log.debug({ err: error }, 'the worker could not sign off'),
      )
    },
  }
}

async function pendingUnits(engine: Engine, units: readonly string[]): Promise<string[]> {
  const { rows } = await engine.pool.query<{ unit: string }>(
    `select unit from unnest($1::text[]) as units (unit)
     where exists (select from landbridge.chunk c where c.unit = units.unit and c.status = 'pending')`,
    [units],
  )
  return rows.map((row) => row.unit)
}

/** Ends when it is told to stop; a runner that ended by itself, because Postgres went away, is started again. */
async function keepRunning(engine: Engine, start: () => Promise<Runner>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const runner = await start()
      const stop = () => void runner.stop().catch(() => undefined)
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      await runner.promise.finally(() => signal.removeEventListener('abort', stop))
    } catch (error) {
      if (signal.aborted) return
      engine.log.warn({ err: error }, 'a worker of the backfill has stopped; it is started again')
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined)
  }
}

function keepBeating(engine: Engine, beat: () => Promise<void>): { stop(): Promise<void> } {
  const ended = new AbortController()
  const done = (async () => {
    while (!ended.signal.aborted) {
      await sleep(engine.config.timing.heartbeatMs, undefined, { signal: ended.signal }).catch(
        () => undefined,
      )
      if (ended.signal.aborted) return
      await beat().catch((error: unknown) =>
        engine.log.warn({ err: error }, 'a worker of the backfill could not tell that it lives'),
      )
    }
  })()
  return {
    stop() {
      ended.abort()
      return done
    },
  }
}
