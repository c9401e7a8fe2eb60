import mongoose from 'mongoose'
import { Client } from 'pg'
import { pino } from 'pino'
import { legacyStreams } from '../apps/escrow/seed/legacy/generate.ts'
import { configure } from '../apps/escrow/src/migration/landbridge.config.ts'
import { createLegacyCollections } from '../apps/escrow/src/migration/legacy-collections.ts'
import { migrateDatabase } from '../apps/escrow/src/platform/migrate.ts'
import { acquirePostgres } from '../apps/escrow/src/platform/postgres-server.ts'
import { storePosition } from '../packages/landbridge/src/capture/position.ts'
import { install } from '../packages/landbridge/src/install.ts'
import { type OpenEngine, openEngine } from '../packages/landbridge/src/open-engine.ts'
import { inTransaction } from '../packages/landbridge/src/target/transaction.ts'
import { startStandInProcess } from './stand-in-process.ts'

/** Both stores with the application's tables and collections, and every unit being mirrored to Postgres. */
export interface EscrowWorld extends AsyncDisposable {
  engine: OpenEngine
}

/** `DATABASE_URL` or an embedded Postgres, in a database of its own; `MONGO_URL` or the stand-in. */
export async function escrowWorld(): Promise<EscrowWorld> {
  const server = await acquirePostgres({ name: `bench-${process.pid}`, fresh: true, throwaway: true })
  const mongo = process.env.MONGO_URL === undefined ? await startStandInProcess([]) : undefined
  const mongoUrl = process.env.MONGO_URL ?? mongo?.url ?? ''
  const name = `bench_escrow_${process.pid}`
  await onServer(server.url, `create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  const connection = await mongoose.createConnection(mongoUrl, { dbName: name }).asPromise()
  await createLegacyCollections(connection)
  await connection.close()
  const engine = await openEngine({
    config: configure({ rehearsal: true, mongoIsStandIn: mongo !== undefined }),
    postgresUrl: url.toString(),
    mongoUrl,
    databaseName: name,
    nodeName: 'bench',
    log: pino({ level: 'silent' }),
  })
  await migrateDatabase(engine.pool)
  await install(engine)
  await allowEveryChange(engine)
  await engine.pool.query("update landbridge.unit set phase = 'mirror', epoch = epoch + 1")
  // A copy wants the change stream to be followed; here nobody writes while one runs.
  await inTransaction(engine.pool, {}, (tx) => storePosition(tx, { clusterTime: 1n, token: { _data: '82' } }))
  return {
    engine,
    [Symbol.asyncDispose]: async () => {
      await engine.database.dropDatabase()
      await engine.close()
      await onServer(server.url, `drop database ${name} with (force)`)
      await mongo?.stop()
      await server.stop()
    },
  }
}

/** Append-only tables refuse to be emptied and changed, which a benchmark does. */
async function allowEveryChange({ pool }: OpenEngine): Promise<void> {
  const { rows } = await pool.query<{ off: string }>(
    `select format('alter table %s disable trigger %I', tgrelid::regclass, tgname) as off
     from pg_trigger where not tgisinternal and tgenabled = 'A'`,
  )
  for (const { off } of rows) await pool.query(off)
}

const BATCH = 1_000

/** Writes so many generated documents into one collection. */
export async function fillCollection(
  { database }: OpenEngine,
  collection: string,
  documents: number,
): Promise<void> {
  // A request has several payments; more stories than needed are never made, because documents come as a stream.
  const [stream] = legacyStreams({ documents: documents * 30, seed: 5, collections: [collection] })
  if (stream === undefined) throw new Error(`No documents are generated for ${collection}`)
  let batch: { _id?: undefined }[] = []
  let written = 0
  for (const { document } of stream.documents()) {
    batch.push(document as { _id?: undefined })
    written++
    if (batch.length < BATCH && written < documents) continue
    await database
      .collection(collection)
      .insertMany(batch, { bypassDocumentValidation: true, ignoreUndefined: true, ordered: false })
    batch = []
    if (written >= documents) return
  }
  throw new Error(`Only ${written} documents are generated for ${collection}`)
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}
