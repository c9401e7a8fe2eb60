import { pino } from 'pino'
import { startChunkWorker } from '../backfill/workers/chunk-worker.ts'
import { defineLandbridge } from '../config.ts'
import { openEngine } from '../open-engine.ts'
import { quickTiming } from './quick-timing.ts'
import { sampleUnit } from './sample-unit.ts'

/*
 * A process that copies chunks of the sample unit until it is killed: `node worker-process.ts`. It finds its stores in
 * the environment, finishes its chunks on SIGTERM, and ends with the process that started it (its stdin closes).
 */
process.stdin.resume().on('end', () => process.exit(1))

const { POSTGRES_URL = '', MONGO_URL = '', MONGO_DATABASE = '', WORKER_NAME = 'worker' } = process.env
const engine = await openEngine({
  config: defineLandbridge({ units: [sampleUnit], build: 'test', timing: quickTiming }),
  postgresUrl: POSTGRES_URL,
  mongoUrl: MONGO_URL,
  databaseName: MONGO_DATABASE,
  nodeName: WORKER_NAME,
  log: pino({ level: process.env.LANDBRIDGE_TEST_LOG ?? 'silent' }, pino.destination(2)),
})
const worker = await startChunkWorker(engine, { pollMs: 200 })
process.on('SIGTERM', async () => {
  await worker.stop()
  await engine.close()
  process.exit(0)
})
process.stdout.write(`${worker.id}\n`)
