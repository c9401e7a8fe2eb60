import { startCapture } from '../capture/change-stream.ts'
import { defineLandbridge } from '../config.ts'
import { startRelay } from '../mirror/relay.ts'
import { openEngine } from '../open-engine.ts'
import { sampleUnit } from './sample-unit.ts'

/*
 * A process that captures and relays the sample unit until it is killed: `node mirror-process.ts`. It finds its
 * stores in the environment, and ends with the process that started it (its stdin closes).
 */
process.stdin.resume().on('end', () => process.exit(1))

const { POSTGRES_URL = '', MONGO_URL = '', MONGO_DATABASE = '' } = process.env
const engine = await openEngine({
  config: defineLandbridge({ units: [sampleUnit], build: 'test' }),
  postgresUrl: POSTGRES_URL,
  mongoUrl: MONGO_URL,
  databaseName: MONGO_DATABASE,
  nodeName: 'mirror process',
})
startCapture(engine)
startRelay(engine)
process.stdout.write('ready\n')
