import { pino } from 'pino'
import { freshMongo } from 'test-world/mongo'
import { freshDatabase } from 'test-world/postgres'
import { defineLandbridge, type LandbridgeOptions } from '../config.ts'
import { install } from '../install.ts'
import { type OpenEngine, openEngine } from '../open-engine.ts'
import { sampleTables, sampleUnit } from './sample-unit.ts'

/** Both stores, empty, with the sample unit's tables and the engine installed. */
export interface EngineWorld extends AsyncDisposable {
  engine: OpenEngine
  /** Another process of the same application. */
  another(nodeName: string, urls?: { postgresUrl?: string; mongoUrl?: string }): Promise<OpenEngine>
  postgresUrl: string
  mongoUrl: string
}

/** Short times, so that tests wait for nothing; a ping has a second, because test machines are busy. */
const testTiming = {
  heartbeatMs: 100,
  nodeDeadAfterMs: 1_000,
  pingMs: 1_000,
  pauseBudgetMs: 2_000,
  fenceDeadlineMs: 4_000,
  reconcileEveryMs: 200,
}

export async function engineWorld(
  options: Partial<LandbridgeOptions> & { tables?: string; before?: (url: string) => Promise<void> } = {},
): Promise<EngineWorld> {
  const postgres = await freshDatabase()
  const mongo = await freshMongo()
  await postgres.pool.query(options.tables ?? sampleTables)
  const config = defineLandbridge({
    units: [sampleUnit],
    build: 'test',
    rehearsal: true,
    ...options,
    timing: { ...testTiming, ...options.timing },
  })
  const opened: OpenEngine[] = []
  const another: EngineWorld['another'] = async (nodeName, urls = {}) => {
    const engine = await openEngine({
      config,
      postgresUrl: urls.postgresUrl ?? postgres.url,
      mongoUrl: urls.mongoUrl ?? mongo.url,
      databaseName: mongo.databaseName,
      nodeName,
      log: pino({ level: process.env.LANDBRIDGE_TEST_LOG ?? 'silent' }),
      postgres: 'lazy',
    })
    opened.push(engine)
    return engine
  }
  const engine = await another('test')
  await install(engine)
  return {
    engine,
    another,
    postgresUrl: postgres.url,
    mongoUrl: mongo.url,
    [Symbol.asyncDispose]: async () => {
      for (const each of opened) await each.close()
      await mongo[Symbol.asyncDispose]()
      await postgres[Symbol.asyncDispose]()
    },
  }
}
