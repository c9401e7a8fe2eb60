import { randomUUID } from 'node:crypto'
import { type Document, MongoClient, ObjectId } from 'mongodb'
import { pino } from 'pino'
import { freshMongo } from 'test-world/mongo'
import { freshDatabase } from 'test-world/postgres'
import { attachUnit } from '../capture/triggers.ts'
import { defineLandbridge, type Timing, type UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { applyNumberedSql } from '../install/apply-sql.ts'
import type { Phase } from '../phase.ts'
import { inTransaction } from '../target/transaction.ts'
import { sampleTables, sampleUnit } from './sample-unit.ts'

/** Both stores, empty, with the sample unit attached; every test gets its own. */
export interface SampleWorld extends AsyncDisposable {
  engine: Engine
  postgresUrl: string
  mongoUrl: string
  databaseName: string
  /** A second process: its own node and its own clients on the same stores. */
  anotherProcess(): Promise<Engine>
  /** Puts the unit into a phase, without what a change of authority does beside it. */
  setPhase(phase: Phase): Promise<void>
  /** A thing's `_id` and its uuid. */
  newId(): { _id: ObjectId; id: string }
  things(): Promise<Document[]>
  outbox(): Promise<number>
}

export async function sampleWorld(
  phase: Phase,
  timing: Partial<Timing> = {},
  { unit, tables }: { unit: UnitConfig; tables: string } = { unit: sampleUnit, tables: sampleTables },
): Promise<SampleWorld> {
  const postgres = await freshDatabase()
  const mongo = await freshMongo()
  const clients: MongoClient[] = []
  const newEngine = async (): Promise<Engine> => {
    const [client, mirrorClient] = [new MongoClient(mongo.url), new MongoClient(mongo.url)]
    clients.push(client, mirrorClient)
    return {
      config: defineLandbridge({ units: [unit], build: 'test', timing }),
      pool: postgres.pool,
      mongo: client,
      database: client.db(mongo.databaseName),
      mirrorClient,
      clock: { now: () => new Date() },
      log: pino({ level: process.env.LANDBRIDGE_TEST_LOG ?? 'silent' }),
      node: { id: randomUUID(), name: 'test' },
    }
  }
  const engine = await newEngine()
  await postgres.pool.query(tables)
  await inTransaction(postgres.pool, {}, async (tx) => {
    await applyNumberedSql(tx)
    await attachUnit(tx, unit)
  })
  for (const { collection } of unit.mappings) {
    await engine.database.createCollection(collection)
  }
  const setPhase = async (to: Phase) => {
    await postgres.pool.query('update landbridge.unit set phase = $1, epoch = epoch + 1 where name = $2', [
      to,
      unit.name,
    ])
  }
  await setPhase(phase)
  return {
    engine,
    postgresUrl: postgres.url,
    mongoUrl: mongo.url,
    databaseName: mongo.databaseName,
    anotherProcess: newEngine,
    setPhase,
    newId: () => {
      const _id = new ObjectId()
      return { _id, id: uuidFromObjectId(_id) }
    },
    things: () =>
      engine.database
        .collection('things')
        .find({}, { sort: { _id: 1 } })
        .toArray(),
    outbox: async () => {
      const { rows } = await postgres.pool.query('select count(*)::int as n from landbridge.change_outbox')
      return rows[0].n
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((client) => client.close()))
      await mongo[Symbol.asyncDispose]()
      await postgres[Symbol.asyncDispose]()
    },
  }
}
