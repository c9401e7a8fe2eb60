import { type Document, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { type EventStream, openEventStream } from '../capture/event-stream.ts'
import { positionOf } from '../capture/position.ts'
import { settleBatch } from '../capture/settle-batch.ts'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { idKey, idToBytes } from '../source/id-key.ts'
import { inTransaction } from '../target/transaction.ts'
import { threadsMapping } from '../testing/growing-unit.ts'
import { type GrowingWorld, growingWorld } from '../testing/growing-world.ts'
import { noteGap } from './gaps.ts'
import { changesOfIds } from './growing-changes.ts'
import { mirrorWays } from './mirror-ways.ts'
import { mirrorToPostgres } from './to-postgres.ts'

const message = (body: string): Document => ({ _id: new ObjectId(), body, files: [] })

/** A thread that both stores hold, and the stream of what follows. */
async function mirrored(world: GrowingWorld, messages = 3) {
  const { engine } = world
  const threads = engine.database.collection('threads')
  const { _id } = world.newId()
  const all = Array.from({ length: messages }, (_, i) => message(`message ${i}`))
  await threads.insertOne({ _id, title: String(_id), members: [], messages: all })
  await mirrorToPostgres(engine, threadsMapping, [_id], { reason: 'capture' })
  expect(await world.unequal()).toEqual([])
  const stream = await openEventStream(engine, ['threads', 'ends'], undefined)
  return { _id, threads, messages: all, stream, ways: mirrorWays(engine).toPostgres }
}

/** Mirrors everything that has come in the stream so far, batch after batch. */
async function capture({ engine }: GrowingWorld, stream: EventStream): Promise<void> {
  await engine.database.collection('ends').insertOne({})
  for (let ended = false; !ended; ) {
    const { events, token } = await stream.next()
    if (events.length === 0) continue
    ended = events.some((event) => event.collection === 'ends')
    await settleBatch(engine, events, positionOf(token, events.at(-1)?.clusterTime ?? 0n))
  }
}

/** A repository's inline mirror of these messages. */
function inline({ engine }: GrowingWorld, _id: ObjectId, ...ids: unknown[]) {
  const changes = new Map([[idKey(_id), changesOfIds({ messages: ids })]])
  return mirrorToPostgres(engine, threadsMapping, [_id], { reason: 'inline', changes })
}

async function bodies({ engine }: GrowingWorld): Promise<string[]> {
  const { rows } = await engine.pool.query('select body from thread_messages order by seq, id')
  return rows.map((row) => row.body)
}

describe('a mirror to Postgres by what changed', () => {
  it('appends messages and changes them in place, with the rest of the document', async () => {
    await using world = await growingWorld('mirror')
    const { _id, threads, messages, stream, ways } = await mirrored(world, 12)
    const before = { ...ways }
    await threads.updateOne({ _id }, {
      $push: { messages: message('one more') },
      $set: { title: 'new', last: { body: 'one more' }, count: 13 },
    } as never)
    await threads.updateOne({ _id, 'messages._id': messages[1]?._id }, {
      $set: { 'messages.$.body': 'edited', 'messages.$.draft': 'only here' },
      $push: { 'messages.$.files': { url: 'u' }, members: { name: 'm' } },
    } as never)
    await threads.updateOne({ _id }, { $unset: { title: '' } })
    await capture(world, stream)
    await stream.close()
    expect((await bodies(world)).slice(0, 3)).toEqual(['message 0', 'edited', 'message 2'])
    expect((await bodies(world)).slice(11)).toEqual(['message 11', 'one more'])
    expect(ways).toEqual({ whole: before.whole, partial: before.partial + 1 })
    expect(await world.unequal()).toEqual([])
    const { rows } = await world.engine.pool.query('select seq::int from thread_messages order by seq')
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 13 }, (_, i) => i + 1))
  })

  it('keeps nothing beside a derived path whose own rows change with it', async () => {
    await using world = await growingWorld('mirror')
    const { _id, threads, ways, stream } = await mirrored(world)
    const held = async () => (await world.engine.pool.query('select extra from threads')).rows[0]?.extra
    const change = { $push: { members: { name: 'm' }, messages: message('one more') } } as never
    const before = await held()
    await threads.updateOne({ _id }, change)
    await threads.updateOne({ _id }, { $set: { memberCount: 1 } })
    await capture(world, stream)
    await stream.close()
    expect(ways).toMatchObject({ partial: 1 })
    expect(JSON.stringify(await held())).not.toContain('memberCount')
    expect(JSON.stringify(before)).not.toContain('memberCount')
    expect(await world.unequal()).toEqual([])
  })

  it('keeps what only Postgres knows, and compares seq as rank', async () => {
    await using world = await growingWorld('mirror')
    const { engine } = world
    const { _id, threads, messages, stream, ways } = await mirrored(world)
    await inTransaction(engine.pool, { applier: true }, (tx) =>
      tx.query("update thread_messages set origin = 'app', seq = seq * 100"),
    )
    await threads.updateOne({ _id }, { $set: { 'messages.0.body': 'edited' } })
    await threads.updateOne({ _id }, { $push: { messages: message('fourth') } } as never)
    await capture(world, stream)
    await threads.updateOne({ _id }, { $pull: { messages: { _id: messages[1]?._id } } } as never)
    await capture(world, stream)
    await stream.close()
    expect(ways).toMatchObject({ partial: 1, whole: 2 })
    const { rows } = await engine.pool.query('select body, origin from thread_messages order by seq')
    expect(rows).toEqual([
      { body: 'edited', origin: 'app' },
      { body: 'message 2', origin: 'app' },
      { body: 'fourth', origin: 'postgres' },
    ])
    expect(await world.unequal()).toEqual([])
  })

  it('G7a: a removal that is told as moved elements and a cut array takes the message away', async () => {
    await using world = await growingWorld('mirror')
    const { _id, threads, stream, ways } = await mirrored(world, 4)
    await threads.updateOne({ _id }, [
      {
        $set: {
          messages: { $concatArrays: [{ $slice: ['$messages', 1] }, { $slice: ['$messages', 2, 2] }] },
        },
      },
    ])
    await capture(world, stream)
    await stream.close()
    expect(ways).toMatchObject({ partial: 0, whole: 2 })
    expect(await bodies(world)).toEqual(['message 0', 'message 2', 'message 3'])
    expect(await world.unequal()).toEqual([])
  })

  it('G7: elements that change their places are not taken for changes in place', async () => {
    await using world = await growingWorld('mirror')
    const { _id, threads, stream, ways } = await mirrored(world, 3)
    await threads.updateOne({ _id }, [
      {
        $set: {
          messages: {
            $concatArrays: [
              { $slice: ['$messages', 1] },
              { $slice: ['$messages', 2, 1] },
              { $slice: ['$messages', 1, 1] },
            ],
          },
        },
      },
    ])
    await capture(world, stream)
    await stream.close()
    expect(ways).toMatchObject({ partial: 0, whole: 2 })
    expect(await bodies(world)).toEqual(['message 0', 'message 2', 'message 1'])
  })

  it('G7b: a message that is pushed between others comes between them', async () => {
    await using world = await growingWorld('mirror')
    const { _id, threads, stream } = await mirrored(world)
    await threads.updateOne({ _id }, {
      $push: { messages: { $each: [message('between')], $position: 1 } },
    } as never)
    await capture(world, stream)
    await stream.close()
    expect(await bodies(world)).toEqual(['message 0', 'between', 'message 1', 'message 2'])
  })

  it('G7c: the inline mirror of the second message before the first was captured keeps their order', async () => {
    await using world = await growingWorld('mirror')
    const { _id, threads, stream, ways } = await mirrored(world)
    const [first, second] = [message('first'), message('second')]
    await threads.updateOne({ _id }, { $push: { messages: first } } as never)
    await threads.updateOne({ _id }, { $push: { messages: second } } as never)
    await inline(world, _id, second._id)
    expect((await bodies(world)).slice(3)).toEqual(['first', 'second'])
    await capture(world, stream)
    await stream.close()
    expect(ways).toMatchObject({ partial: 2, whole: 1 })
    expect(await world.unequal()).toEqual([])
  })

  it('G7d: a place that is read against a later document does not change another message', async () => {
    await using world = await growingWorld('mirror')
    const { _id, threads, messages, stream } = await mirrored(world)
    await threads.updateOne({ _id }, { $set: { 'messages.1.body': 'edited' } })
    await threads.updateOne({ _id }, { $pull: { messages: { _id: messages[0]?._id } } } as never)
    await stream.next()
    const { events, token } = await stream.next()
    const [edit] = events
    if (edit === undefined) throw new Error('no event')
    await settleBatch(world.engine, [edit], positionOf(token, edit.clusterTime))
    await stream.close()
    expect(await bodies(world)).toEqual(['edited', 'message 2'])
  })

  it('mirrors whole what Postgres does not hold yet: no parent, or no message', async () => {
    await using world = await growingWorld('mirror')
    const { _id, threads, stream, ways } = await mirrored(world, 0)
    const first = message('first')
    await threads.updateOne({ _id }, { $push: { messages: first } } as never)
    await inline(world, _id, first._id)
    await inTransaction(world.engine.pool, { applier: true }, async (tx) => {
      await tx.query('delete from thread_messages')
      await tx.query('delete from threads')
    })
    await inline(world, _id, first._id)
    await stream.close()
    expect(ways).toMatchObject({ partial: 0, whole: 3 })
    expect(await world.unequal()).toEqual([])
  })

  it('G8: an entity with a gap is mirrored whole, which closes it; one in a chunk that is copied leaves one', async () => {
    await using world = await growingWorld('mirror')
    const { engine } = world
    const { _id, threads, messages, stream, ways } = await mirrored(world)
    await noteGap(engine.pool, {
      unit: 'talk',
      collection: 'threads',
      legacyId: idToBytes(_id),
      code: 'busy',
    })
    // What the gap stands for is not named by the event.
    await inTransaction(engine.pool, { applier: true }, (tx) =>
      tx.query("update thread_messages set body = 'stale' where id = $1", [
        uuidFromObjectId(String(messages[0]?._id)),
      ]),
    )
    await threads.updateOne({ _id }, { $set: { 'messages.2.body': 'edited' } })
    await capture(world, stream)
    expect(ways).toMatchObject({ partial: 0, whole: 2 })
    expect(await world.unequal()).toEqual([])
    expect((await engine.pool.query('select from landbridge.pg_dualwrite_gaps')).rowCount).toBe(0)

    const { rows } = await engine.pool.query(
      `insert into landbridge.chunk (unit, collection, bson_type, epoch) values ('talk', 'threads', 'objectId', 1)
       returning id`,
    )
    await inTransaction(engine.pool, {}, async (tx) => {
      await tx.query('select pg_advisory_xact_lock(landbridge.chunk_lock_key($1))', [rows[0].id])
      await threads.updateOne({ _id }, { $set: { 'messages.2.body': 'again' } })
      await capture(world, stream)
    })
    await stream.close()
    expect(ways).toMatchObject({ partial: 0, whole: 2 })
    expect((await engine.pool.query('select code from landbridge.pg_dualwrite_gaps')).rows).toEqual([
      { code: 'chunk' },
    ])
  })

  it('mirrors whole where elements cannot be told apart, and keeps stored values of derived paths', async () => {
    await using world = await growingWorld('mirror')
    const { _id, threads, messages, stream, ways } = await mirrored(world)
    await threads.updateOne({ _id }, { $push: { messages: message('fourth') }, $set: { count: 99 } } as never)
    await capture(world, stream)
    expect(ways).toMatchObject({ partial: 1, whole: 1 })
    expect(await world.unequal()).toEqual([])
    for (const broken of [{ body: 'no id' }, { ...message('twice'), _id: messages[0]?._id }]) {
      await threads.updateOne({ _id }, { $push: { messages: broken } } as never)
      await capture(world, stream)
      expect(await world.unequal()).toEqual([])
      expect(await bodies(world)).toEqual([])
      await threads.updateOne({ _id }, { $pop: { messages: 1 } })
      await capture(world, stream)
      expect(await world.unequal()).toEqual([])
      expect(await bodies(world)).toHaveLength(4)
    }
    await stream.close()
    expect(ways.partial).toBe(1)
  })
})

describe('random changes in MongoDB', () => {
  it('come to Postgres by what changed, whatever is delayed, doubled or out of order', async () => {
    await using world = await growingWorld('mirror')
    const { engine } = world
    const { _id, threads, stream, ways } = await mirrored(world, 6)
    let random = 11
    const next = (below: number) => {
      random = (random * 48_271) % 2_147_483_647
      return random % below
    }
    let isUnread = false
    const late: Awaited<ReturnType<EventStream['next']>>['events'] = []
    for (let step = 0; step < 60; step++) {
      const all = ((await threads.findOne({ _id }))?.messages ?? []) as { _id: ObjectId }[]
      const place = next(all.length)
      const id = all[place]?._id
      const added = message(`added ${step}`)
      const acts = [
        () => threads.updateOne({ _id }, { $push: { messages: added } } as never),
        () => threads.updateOne({ _id }, { $push: { messages: added }, $set: { count: next(9) } } as never),
        () => threads.updateOne({ _id }, { $set: { [`messages.${place}.body`]: `edited ${step}` } }),
        () => threads.updateOne({ _id }, { $set: { [`messages.${place}.files`]: [{ url: `url ${step}` }] } }),
        () => threads.updateOne({ _id }, { $set: { title: `title ${step}` } }),
        () =>
          next(3) > 0 || all.length < 4
            ? undefined
            : threads.updateOne({ _id }, { $pull: { messages: { _id: id } } } as never),
        () =>
          next(3) > 0
            ? undefined
            : threads.updateOne({ _id }, {
                $push: { messages: { $each: [added], $position: place } },
              } as never),
        async () => {
          await threads.updateOne({ _id }, { $push: { messages: added } } as never)
          await inline(world, _id, added._id)
        },
        () => inline(world, _id, id),
        async () => {
          // One event after the other, and now and then one that came long ago.
          if (!isUnread) return
          isUnread = false
          const { events, token } = await stream.next()
          const some = late.length > 0 && next(2) === 0 ? [late[next(late.length)], ...events] : events
          late.push(...events)
          for (const event of some)
            if (event !== undefined) await settleBatch(engine, [event], positionOf(token, event.clusterTime))
        },
      ]
      const act = next(acts.length)
      await acts[act]?.()
      if (act < 8) isUnread = true
    }
    await capture(world, stream)
    await stream.close()
    expect(await world.unequal()).toEqual([])
    expect(ways.partial).toBeGreaterThan(5)
  })
})
