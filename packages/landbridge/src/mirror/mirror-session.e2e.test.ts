import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startCapture } from '../capture/change-stream.ts'
import { outboxLag, streamLag } from '../capture/lag.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { purgeMirrorSessions, withMirrorSession } from './mirror-session.ts'
import { drainOutbox } from './relay.ts'

it('registers a session before its first write, once, and gives a failed one up', async () => {
  await using world = await sampleWorld('postgres')
  const { engine } = world
  const registered = async () =>
    (await engine.pool.query('select lsid from landbridge.mirror_session')).rows.length
  await withMirrorSession(engine, async () => expect(await registered()).toBe(1))
  await withMirrorSession(engine, async () => expect(await registered()).toBe(1))
  const failing = withMirrorSession(engine, async (session) => {
    session.startTransaction()
    await engine.mirrorClient.db(world.databaseName).collection('things').insertOne({ a: 1 }, { session })
    throw new Error('the mirror gives up')
  })
  await expect(failing).rejects.toThrow('gives up')
  expect(await world.things()).toEqual([])
})

it('forgets a session only when the position has passed its last use', async () => {
  await using world = await sampleWorld('postgres')
  const { pool } = world.engine
  await pool.query(
    `insert into landbridge.mirror_session (lsid, node, registered_at)
     values ('\\x01', $1, now() - interval '2 hours'), ('\\x02', $1, now())`,
    [randomUUID()],
  )
  const position = (clusterTime: string) =>
    pool.query(
      `insert into landbridge.position (capture, cluster_time) values ('mongo', $1)
       on conflict (capture) do update set cluster_time = excluded.cluster_time`,
      [clusterTime],
    )
  await position('1')
  await purgeMirrorSessions(world.engine)
  expect((await pool.query('select from landbridge.mirror_session')).rows).toHaveLength(2)
  await position('9223372036854775807')
  await purgeMirrorSessions(world.engine)
  const { rows } = await pool.query<{ lsid: Buffer }>('select lsid from landbridge.mirror_session')
  expect(rows.map(({ lsid }) => lsid[0])).toEqual([2])
})

it('ends the transaction of a process that is gone, so that its entities are free at once', async () => {
  await using world = await sampleWorld('postgres')
  const { engine } = world
  const { _id, id } = world.newId()
  await engine.pool.query("insert into things (id, legacy_object_id, name) values ($1, 'x', 'lamp')", [id])
  // A node without a heartbeat, stopped in the middle of its transaction.
  const dead = await world.anotherProcess()
  const session = dead.mirrorClient.startSession()
  session.startTransaction()
  await dead.mirrorClient
    .db(world.databaseName)
    .collection<{ _id: string }>('landbridge_guard')
    .updateOne({ _id: `things/${id}` }, { $inc: { mirrors: 1 } }, { session, upsert: true })
  await engine.pool.query('insert into landbridge.mirror_session (lsid, node) values ($1, $2)', [
    session.id?.id.buffer,
    dead.node.id,
  ])
  expect(await drainOutbox(engine, 'sample', { timeoutMs: 3_000 })).toMatchObject({ drained: true })
  expect(await world.things()).toMatchObject([{ _id, name: 'lamp' }])
})

it('tells how far the captures are behind', async () => {
  await using world = await sampleWorld('postgres')
  const { engine } = world
  expect(await streamLag(engine)).toMatchObject({ behindSeconds: undefined, alarm: false })
  const capture = startCapture(engine)
  await sleep(500)
  const lag = await streamLag(engine)
  expect(lag.behindSeconds).toBeLessThan(5)
  expect(lag.storedAt).toBeInstanceOf(Date)
  await capture.stop()
  const { id } = world.newId()
  await engine.pool.query("insert into things (id, legacy_object_id, name) values ($1, 'x', 'lamp')", [id])
  await engine.pool.query('insert into thing_parts (thing_id, ordinal) values ($1, 0)', [id])
  expect(await outboxLag(engine)).toMatchObject([{ unit: 'sample', rows: 2, entities: 1 }])
})
