import { Binary, Long, ObjectId, Timestamp } from 'bson'
import { MongoServerError } from 'mongodb'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../engine.ts'
import type { Document } from '../mapping/types.ts'
import { isHistoryLost, openEventStream } from './event-stream.ts'

/** An engine whose MongoDB answers with these replies, one after the other. */
function replying(...replies: Document[]): { engine: Engine; commands: Document[] } {
  const commands: Document[] = []
  const engine = {
    mongo: { startSession: () => ({ endSession: async () => undefined }) },
    database: {
      command: async (body: Document) => {
        commands.push(body)
        return { cursor: replies.shift() ?? { id: Long.ZERO } }
      },
    },
  }
  return { engine: engine as unknown as Engine, commands }
}

const id = Long.fromNumber(7)
const token = (text: string) => ({ _data: text })

function event(text: string, fields: Document = {}): Document {
  return {
    _id: token(text),
    operationType: 'insert',
    clusterTime: new Timestamp(5n),
    ns: { db: 'd', coll: 'things' },
    documentKey: { _id: new ObjectId() },
    ...fields,
  }
}

describe('the event stream', () => {
  it('gives no batch, and so no token, that ends in the middle of a split event', async () => {
    const whole = event('b1')
    const { clusterTime, ns, ...first } = whole
    const { engine } = replying(
      { id, firstBatch: [], postBatchResumeToken: token('a') },
      {
        id,
        nextBatch: [event('b0'), { ...first, splitEvent: { fragment: 1, of: 2 } }],
        postBatchResumeToken: token('b1'),
      },
      {
        id,
        nextBatch: [{ _id: token('b2'), clusterTime, ns, splitEvent: { fragment: 2, of: 2 } }],
        postBatchResumeToken: token('b2'),
      },
    )
    const stream = await openEventStream(engine, ['things'], undefined)
    expect(await stream.next()).toEqual({ events: [], token: token('a') })
    const batch = await stream.next()
    expect(batch.token).toEqual(token('b2'))
    expect(batch.events.map((each) => each.token._data)).toEqual(['b0', 'b2'])
    expect(batch.events[1]).toMatchObject({ kind: 'document', operation: 'insert', collection: 'things' })
  })

  it('reads the session of a transaction, and the cluster time, exactly', async () => {
    const bytes = Buffer.alloc(16, 9)
    const clusterTime = new Timestamp(0x656e1fa30000000bn)
    const { engine } = replying({
      id,
      firstBatch: [event('a', { lsid: { id: new Binary(bytes, 4) }, clusterTime })],
      postBatchResumeToken: token('a'),
    })
    const { events } = await (await openEventStream(engine, ['things'], undefined)).next()
    expect(events[0]).toMatchObject({ lsid: bytes, clusterTime: 0x656e1fa30000000bn })
  })

  it('goes on after the token that it was given', async () => {
    const { engine, commands } = replying({ id, firstBatch: [], postBatchResumeToken: token('b') })
    await openEventStream(engine, ['things'], token('a'))
    expect(commands[0]).toMatchObject({
      pipeline: [{ $changeStream: { startAfter: token('a') } }, {}, {}],
    })
  })

  it('says so when MongoDB ends the stream', async () => {
    const { engine } = replying({ id: Long.ZERO, firstBatch: [], postBatchResumeToken: token('a') })
    const stream = await openEventStream(engine, ['things'], undefined)
    await stream.next()
    await expect(stream.next()).rejects.toMatchObject({ code: 'LB_HISTORY_LOST' })
  })

  it('knows lost history by its code', () => {
    expect(isHistoryLost(new MongoServerError({ message: 'gone', code: 286 }))).toBe(true)
    expect(isHistoryLost(new MongoServerError({ message: 'conflict', code: 112 }))).toBe(false)
  })
})
