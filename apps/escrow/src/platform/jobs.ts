import { setTimeout as sleep } from 'node:timers/promises'
import { makeWorkerUtils, parseCronItems, type Runner, run, Logger as WorkerLogger } from 'graphile-worker'
import { createPool } from './database.ts'
import type { Logger } from './logger.ts'

/** Something that is done again and again, by one of the processes at a time. */
export interface Job {
  name: string
  /** When, to the minute, in UTC: a crontab pattern. */
  schedule: string
  /** May be run again after a failure, and a second time after a crash. */
  run(): Promise<void>
}

/** Runs jobs by the queue that all processes share in Postgres. */
export interface JobQueue {
  /** Returns at once; while Postgres is away, the queue waits for it. */
  start(): void
  /** Lets the job that runs finish. */
  stop(): Promise<void>
  /** Has a job done soon, besides its schedule; one that waits already is not added a second time. */
  request(name: string): Promise<void>
}

export interface JobQueueOptions {
  databaseUrl: string
  jobs: readonly Job[]
  logger: Logger
  /** For tests: so long it waits between two looks for work, and before it tries a lost database again. */
  pollMs?: number
  retryMs?: number
}

/**
 * The queue is graphile-worker's, in a schema of its own. Each job has a queue of its own, and jobs of one queue run
 * one after the other whichever process takes them; each minute's job is added once, however many processes would.
 */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  const { databaseUrl, jobs, logger, pollMs = 2_000, retryMs = 5_000 } = options
  const stopping = new AbortController()
  const pool = createPool(databaseUrl, (error) =>
    logger.warn({ err: error }, 'the job queue lost a connection'),
  )
  const workerLogger = new WorkerLogger(({ label }) => (level, message) => {
    // It reports each job by itself; what matters to operators are warnings and failures.
    if (level === 'error') logger.error({ part: label }, message)
    else if (level === 'warning') logger.warn({ part: label }, message)
    else logger.debug({ part: label }, message)
  })
  const settings = { pgPool: pool, logger: workerLogger, noHandleSignals: true, pollInterval: pollMs }

  async function startRunner(): Promise<Runner> {
    return run({
      ...settings,
      concurrency: 2,
      taskList: Object.fromEntries(jobs.map((job) => [job.name, () => job.run()])),
      parsedCronItems: parseCronItems(
        jobs.map(({ name, schedule }) => ({
          task: name,
          match: schedule,
          options: { queueName: name, jobKey: name, maxAttempts: 3, backfillPeriod: 0 },
        })),
      ),
    })
  }

  let running: Promise<void> | undefined
  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const runner = await startRunner()
        const stop = () => void runner.stop().catch(() => undefined)
        stopping.signal.addEventListener('abort', stop, { once: true })
        if (stopping.signal.aborted) stop()
        await runner.promise
      } catch (error) {
        if (stopping.signal.aborted) return
        logger.warn({ err: error }, 'the job queue does not run; it will be started again')
      }
      await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  return {
    start() {
      running ??= keepRunning()
    },

    async stop() {
      stopping.abort()
      await running
      await pool.end()
    },

    async request(name) {
      const utils = await makeWorkerUtils(settings)
      try {
        await utils.addJob(name, {}, { queueName: name, jobKey: name, maxAttempts: 3 })
      } finally {
        await utils.release()
      }
    },
  }
}
