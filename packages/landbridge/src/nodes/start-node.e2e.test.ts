import { pino } from 'pino'
import { freshMongo } from 'test-world/mongo'
import { freshDatabase } from 'test-world/postgres'
import { expect, it, vi } from 'vitest'
import { defineLandbridge } from '../config.ts'
import { writeCopy } from '../fence/copy.ts'
import { openEngine } from '../open-engine.ts'
import { nodes } from '../operator-api/nodes.ts'
import { cutConnection } from '../testing/cut-connection.ts'
import { sampleTables, sampleUnit } from '../testing/sample-unit.ts'
import { startNode } from './start-node.ts'

it('starts while Postgres is away, serves by the copy, and installs and registers when it is back', async () => {
  await using postgres = await freshDatabase()
  await using mongo = await freshMongo()
  await postgres.pool.query(sampleTables)
  await using way = await cutConnection(postgres.url)
  way.cut()
  await using engine = await openEngine({
    config: defineLandbridge({ units: [sampleUnit], build: 'test', timing: { heartbeatMs: 100 } }),
    postgresUrl: way.url,
    mongoUrl: mongo.url,
    databaseName: mongo.databaseName,
    nodeName: 'early',
    log: pino({ level: 'silent' }),
    postgres: 'lazy',
  })
  await writeCopy(engine, { unit: 'sample', authority: 'mongo', epoch: 1n }, 1_000)
  const node = await startNode(engine, { duties: { capture: true }, pools: [engine.pool] })
  expect(node.watch.current('sample')).toMatchObject({ authority: 'mongo', phase: null })

  way.heal()
  await vi.waitFor(() => expect(node.watch.current('sample').phase).toBe('mongo'), 10_000)
  await vi.waitFor(async () => {
    expect(await nodes(engine)).toMatchObject([{ name: 'early', live: true, duties: ['capture'] }])
  }, 10_000)
  await node.stop()
  expect(await nodes(engine)).toEqual([])
})
