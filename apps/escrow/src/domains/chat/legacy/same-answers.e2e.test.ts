import { Double, Int32, ObjectId } from 'bson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { insertRows } from '../../../migration/testing/insert-rows.ts'
import { asDecoded } from '../../../migration/testing/rows-as-read.ts'
import { type EntityId, parseId } from '../../../platform/ids.ts'
import { type EscrowDatabase, escrowDatabase } from '../../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../../testing/references-between-units.ts'
import type { Units } from '../../../units.ts'
import type { NewMessage } from '../model.ts'
import { lastMessage, unreadCounts } from './derived.ts'
import { refreshDerived } from './expressions.ts'
import { chats as mapping } from './mapping.ts'

const id = (n: number) => ObjectId.createFromHexString(n.toString(16).padStart(24, '6'))
const at = (minute: number) => new Date(Date.UTC(2025, 2, 1, 10, minute, 0, 123))
const [ada, ben, eve] = [id(0x101), id(0x102), id(0x103)]
const people = [ada, ben, eve].map((one) => parseId(one.toHexString()))

const message = (n: number, senderId: unknown, fields: object = {}) => ({
  _id: id(0x1000 + n),
  senderId,
  content: `message ${n}`,
  type: 'text',
  timestamp: at(n),
  attachments: [],
  reactions: [],
  readBy: [],
  isEdited: false,
  editHistory: [],
  isDeleted: false,
  ...fields,
})

const member = (userId: unknown, fields: object = {}) => ({
  userId,
  role: 'member',
  joinedAt: at(0),
  isActive: true,
  ...fields,
})

const chat = (n: number, fields: object) => ({
  _id: id(n),
  type: 'direct',
  participants: [member(ada), member(ben)],
  messages: [],
  settings: { isArchived: false },
  updatedAt: at(n % 50),
  ...fields,
})

const readBy = (...users: unknown[]) => ({ readBy: users.map((userId) => ({ userId, at: at(30) })) })

/** Chats as old collections hold them. */
const documents: Record<string, ReturnType<typeof chat>> = {
  'receipts tell how far people have read': chat(0x201, {
    messages: [
      message(1, ada, readBy(ada, ben)),
      message(2, ben, readBy(ada)),
      message(3, ada, readBy(ben)),
      message(4, ben),
      message(5, ada),
      message(6, ada),
    ],
    unreadCounts: { [ada.toHexString()]: new Int32(1), [ben.toHexString()]: new Int32(2) },
    lastMessage: { content: 'message 6', senderId: ada, timestamp: at(6) },
  }),
  'ids as text, of senders, participants and readers': chat(0x202, {
    participants: [member(ada.toHexString()), member(ben.toHexString().toUpperCase())],
    messages: [
      message(11, ada.toHexString(), readBy(ben.toHexString())),
      message(12, ben.toHexString()),
      message(13, ada.toHexString().toUpperCase()),
    ],
  }),
  'counts of people who left, and others that drifted': chat(0x203, {
    type: 'group',
    participants: [member(ada), member(ben, { isActive: false, leftAt: at(9) }), member(eve)],
    messages: [message(21, ben), message(22, eve)],
    unreadCounts: { [ada.toHexString()]: new Int32(9), [ben.toHexString()]: new Int32(4) },
    lastMessage: { content: 'another', senderId: eve, timestamp: at(2) },
  }),
  'replies to nothing, deleted and edited messages, null for arrays': chat(0x204, {
    messages: [
      message(31, ben, { replyTo: id(0xdead), attachments: null, reactions: null, readBy: null }),
      message(32, ben, { isEdited: true, editHistory: [{ content: 'before', at: at(31) }] }),
      message(33, ben, { isDeleted: true, deletedAt: at(34) }),
      message(34, ben, {
        isDeleted: 'yes',
        reactions: [{ emoji: '👍', users: [ada, null, ben.toHexString()] }],
      }),
    ],
  }),
  'a last message whose parts no column holds': chat(0x205, {
    messages: [message(41, 'nobody', { content: 'NUL \0', timestamp: 'last week' })],
  }),
  'messages stored as null': chat(0x206, { messages: null, unreadCounts: null }),
  'nothing but participants': { _id: id(0x207), participants: [member(ada)] } as ReturnType<typeof chat>,
  'somebody twice, and a place of our own': chat(0x208, {
    participants: [
      member(ada, { lastReadSeq: 1 }),
      member(ada, { lastReadSeq: new Double(3) }),
      member(ben, { lastReadSeq: 2, isActive: null }),
    ],
    messages: [message(51, eve), message(52, eve), message(53, null)],
  }),
  'a type of another vocabulary, about something outside': chat(0x209, {
    type: 'channel',
    messages: [message(61, ben)],
    relatedTo: { type: 'Transaction', id: 'template-checkout-5' },
  }),
}

let mongo: EscrowMongo
let database: EscrowDatabase
beforeAll(async () => {
  mongo = await escrowMongo()
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
  for (const [what, document] of Object.entries(documents)) {
    await mongo.connection.collection('chats').insertOne(document as never)
    const outcome = mapping.mapDocument(asDecoded(document))
    if (outcome.kind === 'refused') throw new Error(`${what}: ${outcome.path}: ${outcome.reason}`)
    await insertRows(database.pool, mapping, outcome.rows)
  }
})
afterAll(async () => {
  await mongo[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const idOf = ({ _id }: { _id: ObjectId }): EntityId => parseId(_id.toHexString())

async function sameAnswer<T>(ask: (units: Units) => Promise<T>): Promise<T> {
  const expected = await ask(mongo.units)
  expect(await ask(database.units)).toEqual(expected)
  return expected
}

describe('old chats', () => {
  test.each([
    ['a message without an id', { messages: [{ content: 'lost' }] }],
    ['an id twice', { messages: [message(1, ada), message(1, ben)] }],
    ['something else among the participants', { participants: [member(ada), 'somebody'] }],
  ])('wait in quarantine with %s', (_what, fields) => {
    expect(mapping.mapDocument(asDecoded(chat(0x301, fields))).kind).toBe('refused')
  })

  test.each(Object.entries(documents))('%s', async (_what, document) => {
    const chatId = idOf(document)
    expect(await sameAnswer(({ chat }) => chat.read.chats.find(chatId))).not.toBeNull()
    const { messages } = await sameAnswer(({ chat }) => chat.read.messages.page(chatId, { limit: 100 }))
    expect(messages).toHaveLength(document.messages?.length ?? 0)
    for (const { id } of messages) await sameAnswer(({ chat }) => chat.read.messages.find(chatId, id))
  })

  test('what is unread, and the lists of everybody, are the same on both stores', async () => {
    const page = { page: 1, limit: 100 }
    for (const userId of people) {
      const listed = await sameAnswer(({ chat }) => chat.read.chats.listOf(userId, {}, page))
      expect(await sameAnswer(({ chat }) => chat.read.chats.countOf(userId, {}))).toBe(listed.length)
      await sameAnswer(({ chat }) => chat.read.chats.listOf(userId, { type: 'group', archived: false }, page))
      const total = await sameAnswer(({ chat }) => chat.read.chats.unreadTotal(userId))
      expect(total).toBe(listed.reduce((sum, { unread }) => sum + unread, 0))
    }
    const byChat = async (userId?: EntityId) =>
      userId &&
      (await sameAnswer(({ chat }) => chat.read.chats.unreadByChat(userId))).map(({ unread }) => unread)
    expect(await byChat(people[0])).toEqual([1, 1, 2, 3, 1, 2, 1])
    expect(await byChat(people[1])).toEqual([2, 1, 1, 1])
  })

  test('what is derived is computed alike from the document, from the rows and by MongoDB', async () => {
    const collection = mongo.connection.collection('chats')
    for (const [what, document] of Object.entries(documents)) {
      const entity = idOf(document)
      const query = async (sql: string, values: readonly unknown[]) =>
        (await database.pool.query(sql, [...values])).rows
      const decoded = asDecoded(document)
      const derived: Record<string, unknown> = {}
      for (const [path, derivation] of Object.entries({ lastMessage, unreadCounts })) {
        if (typeof derivation === 'function') throw new Error('it needs to be derived from rows, too')
        derived[path] = derivation.compute(decoded)
        expect([what, await derivation.fromRows(query, entity)]).toEqual([what, derived[path]])
      }
      await collection.updateOne({ _id: document._id as never }, refreshDerived)
      const found = await collection.findOne({ _id: document._id as never })
      expect([what, plain(found)]).toEqual([what, plain(derived)])
    }
  })

  test('writes into old chats heal what is not there', async () => {
    const chatId = idOf(documents['messages stored as null'] ?? { _id: id(0) })
    const [userId] = people
    if (userId === undefined) throw new Error('nobody is there')
    const old = idOf(
      documents['replies to nothing, deleted and edited messages, null for arrays'] ?? { _id: id(0) },
    )
    const first = parseId(id(0x1000 + 31).toHexString())
    await sameAnswer(({ chat }) =>
      chat.transaction(async ({ chats, messages }) => {
        const append: Omit<NewMessage, 'id' | 'at'> = {
          senderId: userId,
          content: 'new',
          type: 'text',
          replyTo: null,
          attachments: [],
        }
        await messages.append(chatId, { ...append, id: parseId(id(0x3001).toHexString()), at: at(55) })
        await messages.react(old, first, { userId, emoji: '🎉' })
        await messages.edit(old, first, { content: 'mended', before: 'message 31', at: at(56) })
        await messages.markRead(old, userId, null, at(57))
        return [
          await chats.find(chatId),
          (await messages.page(chatId, { limit: 9 })).messages,
          await chats.find(old),
          (await messages.page(old, { limit: 9 })).messages,
        ]
      }),
    )
  })
})

/** The two derived paths as plain JSON; in MongoDB the driver promotes numbers. */
function plain(document: Record<string, unknown> | null): unknown {
  const { lastMessage = null, unreadCounts = null } = document ?? {}
  return JSON.parse(JSON.stringify({ lastMessage, unreadCounts }))
}
