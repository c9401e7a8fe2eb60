import { freshMongo } from 'test-world/mongo'
import { freshDatabase } from 'test-world/postgres'
import { expect, it } from 'vitest'
import { defineLandbridge } from './config.ts'
import { install } from './install.ts'
import { openEngine } from './open-engine.ts'
import { sampleTables, sampleUnit } from './testing/sample-unit.ts'

const config = defineLandbridge({ units: [sampleUnit], build: 'test' })

it('prepares an empty database once and says the second time that nothing was missing', async () => {
  await using postgres = await freshDatabase()
  await using mongo = await freshMongo()
  await postgres.pool.query(sampleTables)
  await using engine = await openEngine({
    config,
    postgresUrl: postgres.url,
    mongoUrl: mongo.url,
    databaseName: mongo.databaseName,
    nodeName: 'test',
  })

  const first = await install(engine)
  expect(first.applied[0]).toBe('0001_engine_tables.sql')
  expect(first.attached).toEqual(['sample'])
  expect(await install(engine)).toEqual({ applied: [], attached: [] })

  await expect(
    postgres.pool.query(`insert into notes (id, legacy_object_id, body) values
    (gen_random_uuid(), 'a', 'b')`),
  ).rejects.toMatchObject({ code: 'LB001' })
})

it('puts triggers back that a table has lost, and lets several processes install at once', async () => {
  await using postgres = await freshDatabase()
  await using mongo = await freshMongo()
  await postgres.pool.query(sampleTables)
  await using engine = await openEngine({
    config,
    postgresUrl: postgres.url,
    mongoUrl: mongo.url,
    databaseName: mongo.databaseName,
    nodeName: 'test',
  })
  await Promise.all([install(engine), install(engine), install(engine)])
  await postgres.pool.query('drop trigger landbridge_guard on notes')
  expect(await install(engine)).toEqual({ applied: [], attached: ['sample'] })
})

it('refuses a database that another version prepared', async () => {
  await using postgres = await freshDatabase()
  await using mongo = await freshMongo()
  await postgres.pool.query(sampleTables)
  await using engine = await openEngine({
    config,
    postgresUrl: postgres.url,
    mongoUrl: mongo.url,
    databaseName: mongo.databaseName,
    nodeName: 'test',
  })
  await install(engine)
  await postgres.pool.query("insert into landbridge.migration (name, sha256) values ('9999_later.sql', 'x')")
  await expect(install(engine)).rejects.toMatchObject({ code: 'LB_CONFIG' })
})

it('names the setting that is wrong when a store cannot be reached', async () => {
  await using mongo = await freshMongo()
  const unreachable = { config, mongoUrl: mongo.url, databaseName: 'x', nodeName: 'test' }
  await expect(
    openEngine({ ...unreachable, postgresUrl: 'postgres://nobody@127.0.0.1:1/none' }),
  ).rejects.toMatchObject({
    code: 'LB_POSTGRES_UNAVAILABLE',
    message: expect.stringContaining('DATABASE_URL'),
  })
})
