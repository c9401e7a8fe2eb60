import { type Document, MongoClient } from 'mongodb'

import { describe, expect, it } from 'vitest'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { idToBytes } from '../source/id-key.ts'
import { threadsMapping } from '../testing/growing-unit.ts'
import { type GrowingWorld, growingWorld } from '../testing/growing-world.ts'
import { pausedAfterCommit } from '../testing/paused-engine.ts'
import { sizeOf } from './document-size.ts'
import { mirrorWays } from './mirror-ways.ts'
import { mirrorToMongo } from './to-mongo.ts'

const relay = { mode: 'relay' } as const

/** A thread that both stores hold. */
async function mirrored(world: GrowingWorld, messages = 3) {
  const thread = await world.newThread(messages)
  expect(await mirrorToMongo(world.engine, threadsMapping, thread.id, relay)).toBe('mirrored')
  expect(mirrorWays(world.engine).toMongo).toEqual({ whole: 1, partial: 0 })
  return thread
}

function bodiesOf(world: GrowingWorld): Promise<string[]> {
  return world.engine.database
    .collection('threads')
    .findOne({})
    .then((thread) => thread?.messages.map((message: { body: string }) => message.body))
}

describe('a mirror to MongoDB by what changed', () => {
  it('appends, edits and deletes single elements, keeps what only MongoDB knows, and derives', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const { _id, id, messages } = await mirrored(world)
    const threads = engine.database.collection('threads')
    await threads.updateOne({ _id }, { $set: { secret: 's', 'messages.1.draft': 'd' } })

    await world.addMessage(id, 40, 'fourth')
    expect(await mirrorToMongo(engine, threadsMapping, id, relay)).toBe('mirrored')
    await engine.pool.query("update thread_messages set body = 'edited' where id = $1", [
      uuidFromObjectId(String(messages[1])),
    ])
    await engine.pool.query(
      "insert into thread_message_files (thread_id, message_id, ordinal, url) values ($1, $2, 0, 'u')",
      [id, uuidFromObjectId(String(messages[1]))],
    )
    await engine.pool.query('delete from thread_messages where id = $1', [
      uuidFromObjectId(String(messages[0])),
    ])
    expect(await mirrorToMongo(engine, threadsMapping, id, relay)).toBe('mirrored')
    expect(await mirrorToMongo(engine, threadsMapping, id, relay)).toBe('nothing')
    expect(await threads.findOne({})).toMatchObject({
      secret: 's',
      count: 3,
      last: { body: 'fourth' },
      messages: [
        { _id: messages[1], body: 'edited', draft: 'd', files: [{ url: 'u' }] },
        { body: 'message 3' },
        { body: 'fourth' },
      ],
    })
    expect(mirrorWays(engine).toMongo).toEqual({ whole: 1, partial: 2 })
    expect(await world.unequal()).toEqual([])
    expect(await world.outbox()).toBe(0)
  })

  it('writes of an element only the fields that differ', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const { id, messages } = await mirrored(world)
    const stream = engine.database.collection('threads').watch()
    await stream.tryNext()
    await engine.pool.query("update thread_messages set body = 'edited' where id = $1", [
      uuidFromObjectId(String(messages[1])),
    ])
    await mirrorToMongo(engine, threadsMapping, id, relay)
    const event = await stream.next()
    await stream.close()
    expect(event).toMatchObject({ updateDescription: { updatedFields: { 'messages.1.body': 'edited' } } })
  })

  it('G1: the message that was numbered first and committed last is put before the later one', async () => {
    await using world = await growingWorld('postgres')
    const { id } = await mirrored(world, 1)
    await world.addMessage(id, 30, 'third')
    await mirrorToMongo(world.engine, threadsMapping, id, relay)
    await world.addMessage(id, 20, 'second')
    await mirrorToMongo(world.engine, threadsMapping, id, relay)
    expect(await bodiesOf(world)).toEqual(['message 1', 'second', 'third'])
    expect(mirrorWays(world.engine).toMongo.partial).toBe(2)
  })

  it('G2: a mirror that died before it had emptied the outbox is repeated without doubling the message', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const { id } = await mirrored(world)
    await world.addMessage(id, 40, 'fourth')
    const { rows } = await engine.pool.query('select * from landbridge.change_outbox')
    await mirrorToMongo(engine, threadsMapping, id, relay)
    for (const row of rows) {
      await engine.pool.query(
        `insert into landbridge.change_outbox (unit, collection, entity, kind, table_name, child_path, child_id)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [row.unit, row.collection, row.entity, row.kind, row.table_name, row.child_path, row.child_id],
      )
    }
    expect(await mirrorToMongo(engine, threadsMapping, id, relay)).toBe('equal')
    expect(await world.unequal()).toEqual([])
    expect(await world.outbox()).toBe(0)
  })

  it('G3: what is derived from the messages follows when only a message is listed', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const { id, messages } = await mirrored(world)
    await engine.pool.query('delete from thread_messages where id = $1', [
      uuidFromObjectId(String(messages[2])),
    ])
    await mirrorToMongo(engine, threadsMapping, id, relay)
    expect(await engine.database.collection('threads').findOne({})).toMatchObject({
      count: 2,
      last: { body: 'message 2' },
    })
    expect(mirrorWays(engine).toMongo.partial).toBe(1)
  })

  it('G4: a document that a foreign delete took is built whole, though only a message is listed', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const { _id, id } = await mirrored(world)
    await engine.database.collection('threads').deleteOne({ _id })
    await world.addMessage(id, 40, 'fourth')
    expect(await mirrorToMongo(engine, threadsMapping, id, relay)).toBe('mirrored')
    expect(await bodiesOf(world)).toEqual(['message 1', 'message 2', 'message 3', 'fourth'])
    expect(mirrorWays(engine).toMongo.whole).toBe(2)
  })

  it('G5: a message that outlives its thread brings no ghost', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    await engine.pool.query('alter table thread_messages drop constraint thread_messages_thread_id_fkey')
    const { id } = await mirrored(world)
    const late = await engine.pool.connect()
    await late.query('begin')
    await late.query('insert into thread_messages (thread_id, id, seq) values ($1, gen_random_uuid(), 99)', [
      id,
    ])
    await engine.pool.query('delete from thread_messages where thread_id = $1', [id])
    await engine.pool.query('delete from threads where id = $1', [id])
    expect(await mirrorToMongo(engine, threadsMapping, id, relay)).toBe('deleted')
    await late.query('commit')
    late.release()
    expect(await mirrorToMongo(engine, threadsMapping, id, relay)).toBe('nothing')
    expect(await engine.database.collection('threads').countDocuments()).toBe(0)
    expect(await world.outbox()).toBe(0)
  })

  it('G6: a stopped mirror of one message fails when another message has been mirrored meanwhile', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const { id, messages } = await mirrored(world)
    await engine.pool.query("update thread_messages set body = 'edited' where id = $1", [
      uuidFromObjectId(String(messages[0])),
    ])
    const paused = pausedAfterCommit(engine)
    const stopped = mirrorToMongo(paused.engine, threadsMapping, id, relay)
    await paused.reached
    await engine.pool.query('delete from thread_messages where id = $1', [
      uuidFromObjectId(String(messages[0])),
    ])
    const other = await world.anotherProcess()
    expect(await mirrorToMongo(other, threadsMapping, id, relay)).toBe('mirrored')
    paused.resume()
    expect(await stopped).toBe('conflict')
    expect(await bodiesOf(world)).toEqual(['message 2', 'message 3'])
    expect(await world.unequal()).toEqual([])
  })

  it('G8: an entity with a gap is mirrored whole, which closes it', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const { _id, id } = await mirrored(world)
    await engine.pool.query(
      `insert into landbridge.pg_dualwrite_gaps (unit, collection, legacy_id, code)
       values ('talk', 'threads', $1, 'refused')`,
      [idToBytes(_id)],
    )
    await world.addMessage(id, 40, 'fourth')
    await mirrorToMongo(engine, threadsMapping, id, relay)
    expect(mirrorWays(engine).toMongo).toEqual({ whole: 2, partial: 0 })
    expect((await engine.pool.query('select from landbridge.pg_dualwrite_gaps')).rowCount).toBe(0)
  })

  it('G10: a message that moves leaves one thread and comes into the other', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const from = await mirrored(world)
    const to = await world.newThread(2)
    await mirrorToMongo(engine, threadsMapping, to.id, relay)
    await engine.pool.query(
      'update thread_messages set thread_id = $1, seq = 15 where thread_id = $2 and id = $3',
      [to.id, from.id, uuidFromObjectId(String(from.messages[1]))],
    )
    await mirrorToMongo(engine, threadsMapping, from.id, relay)
    await mirrorToMongo(engine, threadsMapping, to.id, relay)
    expect(mirrorWays(engine).toMongo.partial).toBe(2)
    expect(await world.unequal()).toEqual([])
  })

  it('mirrors whole where a message changes its place, and where an array is kept in extra', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const { _id, id, messages } = await mirrored(world)
    await engine.pool.query('update thread_messages set seq = 99 where id = $1', [
      uuidFromObjectId(String(messages[0])),
    ])
    await mirrorToMongo(engine, threadsMapping, id, relay)
    expect(await bodiesOf(world)).toEqual(['message 2', 'message 3', 'message 1'])
    expect(mirrorWays(engine).toMongo).toEqual({ whole: 2, partial: 0 })

    await engine.database
      .collection('threads')
      .updateOne({ _id }, { $push: { messages: { body: 'no id' } } as never })
    await world.addMessage(id, 120, 'fifth')
    await mirrorToMongo(engine, threadsMapping, id, relay)
    expect(mirrorWays(engine).toMongo).toEqual({ whole: 3, partial: 0 })
    expect(await world.unequal()).toEqual([])
  })

  it('does not read the messages that did not change', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const { id } = await mirrored(world, 200)
    await world.addMessage(id, 9_999, 'one more')
    await using mirrorClient = new MongoClient(world.mongoUrl, { monitorCommands: true })
    let bytes = 0
    mirrorClient.on('commandSucceeded', (event) => {
      if (event.commandName === 'aggregate') bytes += sizeOf(event.reply as Document)
    })
    await mirrorToMongo({ ...engine, mirrorClient }, threadsMapping, id, relay)
    expect(mirrorWays(engine).toMongo.partial).toBe(1)
    expect(bytes).toBeGreaterThan(100)
    expect(bytes).toBeLessThan(2_000)
  })
})

describe('random changes in Postgres', () => {
  it('come to MongoDB by what changed, whenever they are mirrored', async () => {
    await using world = await growingWorld('postgres')
    const { engine } = world
    const threads = [await world.newThread(4), await world.newThread(4)]
    for (const { id } of threads) await mirrorToMongo(engine, threadsMapping, id, relay)
    let random = 7
    const next = (below: number) => {
      random = (random * 48_271) % 2_147_483_647
      return random % below
    }
    const pick = async () =>
      (await engine.pool.query('select thread_id, id, seq from thread_messages order by id')).rows
    let seq = 1_000
    const drawn = () => {
      seq += 2
      return seq
    }
    for (let step = 0; step < 120; step++) {
      const thread = threads[next(2)]?.id ?? ''
      const all = await pick()
      const message = all[next(all.length)]
      const own = [message?.thread_id, message?.id]
      const where = 'where thread_id = $1 and id = $2'
      const acts = [
        () => world.addMessage(thread, drawn(), `added ${step}`),
        // Drawn before, committed later.
        () => world.addMessage(thread, drawn() - 1 - 2 * next(3), `late ${step}`).catch(() => undefined),
        () => engine.pool.query(`update thread_messages set body = $3 ${where}`, [...own, `edited ${step}`]),
        () => (all.length < 4 ? undefined : engine.pool.query(`delete from thread_messages ${where}`, own)),
        () =>
          engine.pool
            .query(`update thread_messages set thread_id = $3 ${where}`, [...own, thread])
            .catch(() => undefined),
        () =>
          engine.pool.query(
            'insert into thread_message_files (thread_id, message_id, ordinal, url) values ($1, $2, $3, $4) on conflict do nothing',
            [...own, next(3), `url ${step}`],
          ),
        () => engine.pool.query('update threads set title = $1 where id = $2', [`title ${step}`, thread]),
        () => mirrorToMongo(engine, threadsMapping, thread, relay),
      ]
      await acts[next(acts.length)]?.()
    }
    for (const { id } of threads) await mirrorToMongo(engine, threadsMapping, id, relay)
    expect(await world.unequal()).toEqual([])
    expect(await world.outbox()).toBe(0)
    expect(mirrorWays(engine).toMongo.partial).toBeGreaterThan(10)
  })
})
