import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type SampleWorld, sampleWorld } from '../testing/sample-world.ts'
import { drainToMarker } from './caught-up.ts'
import { readPosition } from './position.ts'

const script = fileURLToPath(new URL('../testing/mirror-process.ts', import.meta.url))

/** A capturing and relaying process of its own; killed, not asked to stop. */
async function startProcess(world: SampleWorld): Promise<ChildProcess> {
  // A killed process leaves its leases behind; the test does not wait for their end.
  await world.engine.pool.query('delete from landbridge.duty')
  const child = spawn(process.execPath, [script], {
    env: {
      ...process.env,
      POSTGRES_URL: world.postgresUrl,
      MONGO_URL: world.mongoUrl,
      MONGO_DATABASE: world.databaseName,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (await condition()) return
    await sleep(20)
  }
  throw new Error('it did not come to be within 30 s')
}

async function thingsInPostgres(world: SampleWorld): Promise<unknown[]> {
  const { rows } = await world.engine.pool.query(
    `select legacy_object_id as id, name, doc_version as version,
       (select count(*)::int from thing_parts where thing_id = things.id) as parts
     from things order by legacy_object_id`,
  )
  return rows
}

async function thingsInMongo(world: SampleWorld): Promise<unknown[]> {
  return (await world.things()).map((thing) => ({
    id: thing._id.toHexString(),
    name: thing.name ?? null,
    version: thing.__v ?? null,
    parts: thing.parts?.length ?? 0,
  }))
}

describe('a process that is killed', { timeout: 90_000 }, () => {
  it('while it captures: nothing of what was written in MongoDB is missed', async () => {
    await using world = await sampleWorld('mongo')
    const things = world.engine.database.collection('things')
    let process_ = await startProcess(world)
    await until(async () => (await readPosition(world.engine.pool)) !== undefined)
    await world.setPhase('mirror')
    const ids = Array.from({ length: 60 }, () => world.newId()._id)
    for (const [i, _id] of ids.entries()) {
      await things.insertOne({ _id, name: `thing ${i}`, __v: 0, parts: [{ label: 'a' }] })
      if (i > 5)
        await things.updateOne(
          { _id: ids[i - 5] },
          { $inc: { __v: 1 }, $push: { parts: { label: 'b' } } as never },
        )
      if (i % 7 === 0) await things.deleteOne({ _id: ids[Math.floor(i / 2)] })
      if (i % 30 === 10) {
        await kill(process_)
        process_ = await startProcess(world)
      }
    }
    await drainToMarker(world.engine, { purpose: 'test', timeoutMs: 30_000 })
    await kill(process_)
    expect(await thingsInPostgres(world)).toEqual(await thingsInMongo(world))
    expect((await world.things()).length).toBeGreaterThan(40)
  })

  it('while it relays: nothing of what was written in Postgres is missed, and nothing echoes', async () => {
    await using world = await sampleWorld('mongo')
    const { pool } = world.engine
    let process_ = await startProcess(world)
    await until(async () => (await readPosition(pool)) !== undefined)
    await world.setPhase('postgres')
    for (let i = 0; i < 45; i++) {
      const { _id, id } = world.newId()
      await pool.query(
        'insert into things (id, legacy_object_id, name, doc_version) values ($1, $2, $3, 0)',
        [id, _id.toHexString(), `thing ${i}`],
      )
      await pool.query("insert into thing_parts (thing_id, ordinal, label) values ($1, 0, 'a')", [id])
      await pool.query('update things set doc_version = doc_version + 1')
      if (i % 7 === 0) await pool.query('delete from things where name = $1', [`thing ${Math.floor(i / 2)}`])
      if (i % 20 === 7) {
        await kill(process_)
        process_ = await startProcess(world)
      }
    }
    await until(async () => (await world.outbox()) === 0)
    await drainToMarker(world.engine, { purpose: 'test', timeoutMs: 30_000 })
    await kill(process_)
    expect(await thingsInMongo(world)).toEqual(await thingsInPostgres(world))
    const { rows } = await pool.query('select count(*)::int as n from landbridge.foreign_event')
    expect(rows).toEqual([{ n: 0 }])
  })
})
