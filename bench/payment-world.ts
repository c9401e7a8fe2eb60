import { Client } from 'pg'
import { pino } from 'pino'
import { payments } from '../apps/escrow/src/domains/payment/legacy/mapping.ts'
import { migrateDatabase } from '../apps/escrow/src/platform/migrate.ts'
import { acquirePostgres } from '../apps/escrow/src/platform/postgres-server.ts'
import { defineLandbridge } from '../packages/landbridge/src/config.ts'
import { install } from '../packages/landbridge/src/install.ts'
import { type OpenEngine, openEngine } from '../packages/landbridge/src/open-engine.ts'
import { startStandInProcess } from './stand-in-process.ts'

/** Both stores with the application's tables; the same empty Postgres for every round. */
export interface PaymentWorld extends AsyncDisposable {
  /** An engine on a fresh database with all indexes and foreign keys, its unit `payment` in phase `mirror`. */
  freshRound(): Promise<OpenEngine & AsyncDisposable>
}

/** `DATABASE_URL` or an embedded Postgres; `MONGO_URL` or the stand-in, in a process of its own. */
export async function paymentWorld(): Promise<PaymentWorld> {
  const server = await acquirePostgres({ name: `bench-${process.pid}`, fresh: true, throwaway: true })
  const mongo = process.env.MONGO_URL === undefined ? await startStandInProcess([]) : undefined
  const name = `bench_payment_${process.pid}`
  const template = `${name}_template`
  const open = (database: string) => openOn(server.url, database, mongo?.url, name)
  await onServer(server.url, `create database ${template}`)
  const first = await open(template)
  await first.database.dropDatabase()
  await migrateDatabase(first.pool)
  await install(first)
  await first.pool.query(`
    update landbridge.unit set phase = 'mirror', epoch = epoch + 1 where name = 'payment';
    insert into landbridge.position (capture, cluster_time) values ('mongo', 1)`)
  await first.database.createCollection(payments.collection)
  await first.close()
  let rounds = 0
  return {
    freshRound: async () => {
      const round = `${name}_${rounds++}`
      await onServer(server.url, `create database ${round} template ${template}`)
      const engine = await open(round)
      return {
        ...engine,
        [Symbol.asyncDispose]: async () => {
          await engine.close()
          await onServer(server.url, `drop database ${round} with (force)`)
        },
      }
    },
    [Symbol.asyncDispose]: async () => {
      const last = await open(template)
      await last.database.dropDatabase()
      await last.close()
      await onServer(server.url, `drop database ${template} with (force)`)
      await mongo?.stop()
      await server.stop()
    },
  }
}

function openOn(
  serverUrl: string,
  database: string,
  standInUrl: string | undefined,
  mongoName: string,
): Promise<OpenEngine> {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return openEngine({
    config: defineLandbridge({
      build: 'bench',
      units: [{ name: 'payment', kind: 'money', mappings: [payments] }],
    }),
    postgresUrl: url.toString(),
    mongoUrl: process.env.MONGO_URL ?? standInUrl ?? '',
    databaseName: mongoName,
    nodeName: 'bench',
    log: pino({ level: 'silent' }),
  })
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}
