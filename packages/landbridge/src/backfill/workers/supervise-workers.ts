import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../engine.ts'
import { maxWorkers, readEffectiveThrottle } from '../../throttle/throttle-settings.ts'
import { isWaiting, readCollectionProgress } from '../backfill-progress.ts'
import { readWorkers } from './worker-row.ts'

/** A process for fewer chunks would cost more than it brings. */
const CHUNKS_A_WORKER = 4

/** One more process that copies chunks of the unit. */
export interface WorkerProcess {
  /** False when it has ended, by whatever means. */
  isAlive(): boolean
  /** Lets it finish its chunks. */
  stop(): Promise<void>
}
export type StartWorker = (unit: string) => WorkerProcess

/**
 * Keeps as many worker processes on this machine as are wanted: the number of the call, or that of the throttle, which
 * counts workers of all machines. A process that died is replaced.
 */
export function superviseWorkers(
  engine: Engine,
  unit: string,
  options: { workers: number; startWorker: StartWorker },
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  let processes: WorkerProcess[] = []

  async function adjust(): Promise<void> {
    processes = processes.filter((process) => process.isAlive())
    const wanted = await wantedHere(engine, unit, options.workers, processes.length)
    while (processes.length < wanted) processes.push(options.startWorker(unit))
    const surplus = processes.splice(wanted)
    await Promise.all(surplus.map((process) => process.stop()))
  }

  const done = (async () => {
    while (!stopping.signal.aborted) {
      await adjust().catch((error: unknown) =>
        engine.log.warn({ err: error }, 'the number of workers could not be adjusted'),
      )
      await sleep(engine.config.timing.heartbeatMs, undefined, { signal: stopping.signal }).catch(
        () => undefined,
      )
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await done
      await Promise.all(processes.map((process) => process.stop()))
    },
  }
}

/** Processes beside this one, which is a worker itself. */
async function wantedHere(engine: Engine, unit: string, workers: number, here: number): Promise<number> {
  const settings = await readEffectiveThrottle(engine.pool, unit)
  const progress = await readCollectionProgress(engine.pool, unit)
  const left = progress.filter(isWaiting).reduce((sum, each) => sum + each.pending, 0)
  const worthIt = Math.ceil(left / CHUNKS_A_WORKER)
  if (settings.workers === null) return Math.max(0, Math.min(workers, worthIt, maxWorkers) - 1)
  const living = await readWorkers(engine.pool, engine.config.timing.nodeDeadAfterMs)
  const serving = living.filter((worker) => worker.units.includes(unit)).length
  // Those that have just been started here are not among the living yet, and must not be started twice.
  const elsewhere = Math.max(0, serving - 1 - here)
  return Math.max(0, Math.min(settings.workers - elsewhere, worthIt, maxWorkers) - 1)
}
