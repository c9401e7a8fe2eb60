import { openEngine } from 'landbridge'
import { type Status, status } from 'landbridge/operator-api'
import type pg from 'pg'
import { landbridge } from './landbridge.config.ts'
import { readMongoConfig } from './migration-config.ts'

/** A mirror that is further behind than this is not late but dead. */
const deadAfterSeconds = 60

/**
 * Units that should be mirrored and are not: nobody reads the change stream, or it or the outbox stands still. Empty
 * for a database that the engine never saw.
 */
export async function deadMirrors(pool: pg.Pool, postgresUrl: string): Promise<string[]> {
  const { rows } = await pool.query("select to_regclass('landbridge.unit') as known")
  if (rows[0]?.known === null) return []
  const moving = await pool.query(
    "select from landbridge.unit where phase in ('mirror', 'shadow', 'postgres')",
  )
  if (moving.rowCount === 0) return []
  const { mongoUrl, mongoDatabase: databaseName } = readMongoConfig(process.env)
  await using engine = await openEngine({
    config: landbridge,
    postgresUrl,
    mongoUrl,
    databaseName,
    nodeName: 'db:verify',
    mongo: 'lazy',
    poolSize: 4,
  })
  return mirrorTroubles(await status(engine))
}

export function mirrorTroubles({
  units,
  capture,
  duties,
}: Pick<Status, 'units' | 'capture' | 'duties'>): string[] {
  const moving = units.filter(({ phase }) => phase === 'mirror' || phase === 'shadow' || phase === 'postgres')
  const names = moving.map(({ name }) => name).join(', ')
  if (moving.length === 0) return []
  const troubles: string[] = []
  if (!duties.some(({ name }) => name === 'capture')) {
    troubles.push(`${names}: no process reads the change stream; start the application, or landbridge worker`)
  }
  if (capture === null) {
    troubles.push(`${names}: MongoDB does not say how far the change stream is behind; check MONGO_URL`)
  } else if ((capture.behindSeconds ?? Number.POSITIVE_INFINITY) > deadAfterSeconds) {
    const behind =
      capture.behindSeconds === undefined ? 'has no position' : `is ${capture.behindSeconds} s behind`
    troubles.push(`${names}: the change stream ${behind}; see landbridge status`)
  }
  for (const { name, outbox, historyLost } of moving) {
    if (historyLost !== null)
      troubles.push(`${name}: history was lost (${historyLost}); landbridge verify ${name} --repair`)
    if (outbox.oldestMs > deadAfterSeconds * 1_000) {
      troubles.push(
        `${name}: ${outbox.rows} changes wait for the relay, the oldest ${Math.round(outbox.oldestMs / 1_000)} s`,
      )
    }
  }
  return troubles
}
