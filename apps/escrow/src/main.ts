/** The final program: the whole application on Postgres. Starts without MongoDB. */
import { composeApp } from './compose.ts'
import { systemClock } from './platform/clock.ts'
import { readConfig } from './platform/config.ts'
import { createLogger } from './platform/logger.ts'
import { warnOfDatabase } from './platform/missing-migrations.ts'
import { runProgram } from './platform/run-program.ts'
import { serve } from './platform/serve.ts'
import { openPostgresUnits } from './postgres-units.ts'

await runProgram(async () => {
  const config = readConfig(process.env)
  const logger = createLogger(config)
  const { units, pool, close } = openPostgresUnits(config, logger)
  void warnOfDatabase(pool, logger)
  await serve({ app: composeApp({ units, config, clock: systemClock, logger }), config, logger, close })
})
