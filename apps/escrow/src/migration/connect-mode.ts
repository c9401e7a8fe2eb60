import pg from 'pg'
import { ProgramError } from '../platform/run-program.ts'
import type { MigrationConfig } from './migration-config.ts'

/** MONGO_CONNECT_MODE=never was asked for while a unit still needs MongoDB. */
export class MongoStillNeeded extends ProgramError {
  constructor(units: string[]) {
    super(
      'MONGO_STILL_NEEDED',
      `MONGO_CONNECT_MODE is "never", but these units are not retired: ${units.join(', ')}. ` +
        'Retire them first (npx landbridge plan), or start with MONGO_CONNECT_MODE=auto.',
    )
    this.name = 'MongoStillNeeded'
  }
}

interface UnitPhase {
  name: string
  phase: string
}

/**
 * Whether this program connects to MongoDB. `auto` connects while a unit needs it, and also while Postgres cannot be
 * asked: the copy in MongoDB then tells which units can be served. `never` starts only if every unit is retired, or
 * the database is fresh. Throws MongoStillNeeded, and the connection's error in mode `never`.
 */
export async function connectsToMongo(config: MigrationConfig): Promise<boolean> {
  if (config.mongoConnectMode === 'always') return true
  let phases: UnitPhase[] | null
  try {
    phases = await readPhases(config.databaseUrl)
  } catch (error) {
    if (config.mongoConnectMode === 'never') throw error
    return true
  }
  const unretired = (phases ?? []).filter((unit) => unit.phase !== 'retired').map((unit) => unit.name)
  if (config.mongoConnectMode === 'auto') return phases === null || unretired.length > 0
  if (unretired.length > 0) throw new MongoStillNeeded(unretired)
  return false
}

/** Null where the engine's tables do not exist: nothing has begun to move, or the move is finished. */
async function readPhases(databaseUrl: string): Promise<UnitPhase[] | null> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 3_000 })
  await client.connect()
  try {
    const { rows } = await client.query<{ found: boolean }>(
      "select to_regclass('landbridge.unit') is not null as found",
    )
    if (rows[0]?.found !== true) return null
    return (await client.query<UnitPhase>('select name, phase from landbridge.unit order by name')).rows
  } finally {
    await client.end()
  }
}
