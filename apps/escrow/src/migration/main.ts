/**
 * The program while units move: the same application as `main.ts`, its units routed to whichever store is their
 * authority, and this process a node that captures, relays and reconciles. It can be lived with for years.
 */

import { clientAppName, openEngine, startNode, startShadowReads } from 'landbridge'
import mongoose from 'mongoose'
import { composeApp } from '../compose.ts'
import { systemClock } from '../platform/clock.ts'
import { createLogger } from '../platform/logger.ts'
import { warnOfDatabase } from '../platform/missing-migrations.ts'
import { runProgram } from '../platform/run-program.ts'
import { serve } from '../platform/serve.ts'
import { openPostgresUnits } from '../postgres-units.ts'
import { connectsToMongo } from './connect-mode.ts'
import { countCommandsOf } from './count-commands.ts'
import { landbridge } from './landbridge.config.ts'
import { readMigrationConfig } from './migration-config.ts'
import { routedUnits } from './routed-units.ts'

await runProgram(async () => {
  const config = readMigrationConfig(process.env)
  const logger = createLogger(config)
  const postgres = openPostgresUnits(config, logger)
  void warnOfDatabase(postgres.pool, logger)

  if (await connectsToMongo(config)) {
    const engine = await openEngine({
      config: landbridge,
      postgresUrl: config.databaseUrl,
      mongoUrl: config.mongoUrl,
      databaseName: config.mongoDatabase,
      nodeName: config.nodeName,
      log: logger,
      // Units on MongoDB are served while Postgres is away, and the other way round.
      postgres: 'lazy',
      mongo: 'lazy',
    })
    const connection = mongoose.createConnection(config.mongoUrl, {
      dbName: config.mongoDatabase,
      appName: clientAppName(engine.node),
      serverSelectionTimeoutMS: 3_000,
      monitorCommands: true,
    })
    countCommandsOf(connection)
    connection
      .asPromise()
      .catch((error: unknown) => logger.warn({ err: error }, 'MongoDB does not answer yet'))
    const node = await startNode(engine, {
      duties: { capture: true, relay: true, reconcile: true },
      pools: [postgres.pool],
    })
    const shadow = startShadowReads(engine)
    const units = routedUnits({ engine, watch: node.watch, shadow, connection, postgres: postgres.units })
    await serve({
      app: composeApp({ units, config, clock: systemClock, logger }),
      config,
      logger,
      close: async () => {
        await shadow.stop()
        await node.stop()
        await connection.close()
        await engine.close()
        await postgres.close()
      },
    })
  } else {
    logger.info('no unit needs MongoDB: serving from Postgres alone')
    await serve({
      app: composeApp({ units: postgres.units, config, clock: systemClock, logger }),
      config,
      logger,
      close: () => postgres.close(),
    })
  }
})
