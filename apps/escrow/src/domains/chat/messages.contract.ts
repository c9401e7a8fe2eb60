import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { ChatRepositories } from '../../units.ts'
import type { MessageWindow } from './model.ts'
import { exampleChat, exampleMessage, insertChat, minutesLater, send } from './repository.contract.ts'
import { receiptLimit } from './repository.ts'

type Store = UnitStore<ChatRepositories>

/** What every implementation of `ChatMessageRepository` must do. */
export function chatMessageRepositoryContract(
  freshStore: () => Promise<Store>,
  countStatements: CountStatements,
): void {
  const [ada, ben] = [newId(), newId()]

  /** A chat of the two with that many messages of Ben's. */
  async function chatOf(store: Store, count: number): Promise<{ chatId: EntityId; ids: EntityId[] }> {
    const { id } = await insertChat(store, exampleChat([ada, ben]))
    const messages = Array.from({ length: count }, (_, minute) => exampleMessage(ben, minute))
    await send(store, id, ...messages)
    return { chatId: id, ids: messages.map((message) => message.id) }
  }

  test('a message comes back as it was sent', async () => {
    const store = await freshStore()
    const { chatId, ids } = await chatOf(store, 1)
    const attachments = [
      { url: '/uploads/a.png', name: 'a.png', mime: 'image/png', size: 5 },
      { url: '/uploads/b.pdf', name: null, mime: null, size: null },
    ]
    const message = exampleMessage(ada, 1, { type: 'image', replyTo: ids[0] ?? null, attachments })
    await send(store, chatId, message)
    const { at, ...fields } = message
    const expected = {
      ...fields,
      timestamp: at,
      isEdited: false,
      editedAt: null,
      isDeleted: false,
      deletedAt: null,
      reactions: [],
      readBy: [],
      editHistory: [],
    }
    expect(await store.read.messages.find(chatId, message.id)).toEqual(expected)
    const { messages } = await store.read.messages.page(chatId, { limit: 1 })
    expect(messages).toEqual([expected])
    expect(await store.read.messages.find(chatId, newId())).toBeNull()
    expect(await store.read.messages.find(newId(), message.id)).toBeNull()
    expect((await store.read.chats.find(chatId))?.updatedAt).toEqual(at)
  })

  test('pages go in the order of sending, from the end, before a message or after one', async () => {
    const store = await freshStore()
    const { chatId, ids } = await chatOf(store, 7)
    const pageOf = async (window: MessageWindow) => {
      const { messages, hasMore } = await store.read.messages.page(chatId, window)
      return [messages.map(({ id }) => ids.indexOf(id)), hasMore]
    }
    const at = (index: number) => ids[index] ?? newId()
    expect(await pageOf({ limit: 3 })).toEqual([[4, 5, 6], true])
    expect(await pageOf({ limit: 3, before: at(4) })).toEqual([[1, 2, 3], true])
    expect(await pageOf({ limit: 3, before: at(1) })).toEqual([[0], false])
    expect(await pageOf({ limit: 3, before: at(0) })).toEqual([[], false])
    expect(await pageOf({ limit: 3, after: at(1) })).toEqual([[2, 3, 4], true])
    expect(await pageOf({ limit: 3, after: at(3) })).toEqual([[4, 5, 6], false])
    expect(await pageOf({ limit: 3, after: at(6) })).toEqual([[], false])
    expect(await pageOf({ limit: 7 })).toEqual([[0, 1, 2, 3, 4, 5, 6], false])
    expect(await pageOf({ limit: 3, before: newId() })).toEqual([[], false])
    expect(await pageOf({ limit: 3, after: newId() })).toEqual([[], false])
    expect(await store.read.messages.page(newId(), { limit: 3 })).toEqual({ messages: [], hasMore: false })
  })

  test('an edit keeps what the message said before; a deleted message stays', async () => {
    const store = await freshStore()
    const { chatId, ids } = await chatOf(store, 2)
    const [id = newId(), other = newId()] = ids
    await store.transaction(async ({ messages }) => {
      await messages.edit(chatId, id, { content: 'second', before: 'message 0', at: minutesLater(5) })
      await messages.edit(chatId, id, { content: 'third', before: 'second', at: minutesLater(6) })
      await messages.markDeleted(chatId, other, minutesLater(7))
    })
    expect(await store.read.messages.find(chatId, id)).toMatchObject({
      content: 'third',
      isEdited: true,
      editedAt: minutesLater(6),
      editHistory: [
        { content: 'message 0', at: minutesLater(5) },
        { content: 'second', at: minutesLater(6) },
      ],
    })
    expect(await store.read.messages.find(chatId, other)).toMatchObject({
      content: 'message 1',
      isDeleted: true,
      deletedAt: minutesLater(7),
    })
  })

  test('a reaction counts a person once and can be taken back', async () => {
    const store = await freshStore()
    const { chatId, ids } = await chatOf(store, 2)
    const [id = newId(), other = newId()] = ids
    await store.transaction(async ({ messages }) => {
      await messages.react(chatId, id, { userId: ada, emoji: '👍' })
      await messages.react(chatId, id, { userId: ben, emoji: '👍' })
      await messages.react(chatId, id, { userId: ada, emoji: '👍' })
      await messages.react(chatId, id, { userId: ada, emoji: '🎉' })
    })
    const reactions = async (messageId: EntityId) =>
      (await store.read.messages.find(chatId, messageId))?.reactions
    expect(await reactions(id)).toEqual([
      { emoji: '👍', users: [ada, ben] },
      { emoji: '🎉', users: [ada] },
    ])
    await store.transaction(async ({ messages }) => {
      await messages.unreact(chatId, id, { userId: ada, emoji: '🎉' })
      await messages.unreact(chatId, id, { userId: ada, emoji: '👍' })
      await messages.unreact(chatId, id, { userId: newId(), emoji: '👍' })
    })
    expect(await reactions(id)).toEqual([
      { emoji: '👍', users: [ben] },
      { emoji: '🎉', users: [] },
    ])
    await store.transaction(({ messages }) => messages.react(chatId, id, { userId: ben, emoji: '🎉' }))
    expect(await reactions(id)).toMatchObject([{}, { emoji: '🎉', users: [ben] }])
    expect(await reactions(other)).toEqual([])
  })

  test('reading leaves one receipt on each message of others that it passes', async () => {
    const store = await freshStore()
    const { chatId, ids } = await chatOf(store, 3)
    const own = exampleMessage(ada, 4)
    await send(store, chatId, own)
    const [, second = newId()] = ids
    await store.transaction(async ({ messages }) => {
      await messages.markRead(chatId, ada, second, minutesLater(5))
      await messages.markRead(chatId, ada, null, minutesLater(6))
      await messages.markRead(chatId, ada, null, minutesLater(7))
    })
    const { messages } = await store.read.messages.page(chatId, { limit: 10 })
    expect(messages.map(({ readBy }) => readBy)).toEqual([
      [{ userId: ada, at: minutesLater(5) }],
      [{ userId: ada, at: minutesLater(5) }],
      [{ userId: ada, at: minutesLater(6) }],
      [],
    ])
    const participants = (await store.read.chats.find(chatId))?.participants
    expect(participants?.[0]).toMatchObject({ lastReadSeq: 4, lastSeen: minutesLater(7) })
    expect(participants?.[1]).toMatchObject({ lastReadSeq: 0, lastSeen: null })
  })

  test('receipts are bounded, what is read is not', async () => {
    const store = await freshStore()
    const { chatId, ids } = await chatOf(store, receiptLimit + 3)
    await store.transaction(({ messages }) => messages.markRead(chatId, ada, null, minutesLater(500)))
    expect(await store.read.chats.unreadTotal(ada)).toBe(0)
    const readers = async (index: number) =>
      (await store.read.messages.find(chatId, ids[index] ?? newId()))?.readBy.length
    expect([await readers(2), await readers(3), await readers(-1 + ids.length)]).toEqual([0, 1, 1])
  })

  test('two who send at once get places one behind the other', async () => {
    const store = await freshStore()
    const { chatId } = await chatOf(store, 1)
    const both = [exampleMessage(ada, 5), exampleMessage(ben, 6)]
    await Promise.all(both.map((message) => send(store, chatId, message)))
    const { messages } = await store.read.messages.page(chatId, { limit: 10 })
    expect(new Set(messages.map(({ id }) => id).slice(1))).toEqual(new Set(both.map(({ id }) => id)))
    expect(await store.read.chats.unreadTotal(ada)).toBe(2)
    expect(await store.read.chats.unreadTotal(ben)).toBe(1)
  })

  test('the number of statements does not grow with the messages', async () => {
    const store = await freshStore()
    const short = await chatOf(store, 2)
    const long = await chatOf(store, 40)
    const both = async (work: (chat: typeof short) => Promise<unknown>) => [
      await countStatements(() => work(short)),
      await countStatements(() => work(long)),
    ]
    const [id = newId()] = short.ids
    const works: ((chat: typeof short) => Promise<unknown>)[] = [
      ({ chatId }) => store.read.messages.page(chatId, { limit: 30 }),
      ({ chatId, ids: [first = id] }) => store.read.messages.find(chatId, first),
      ({ chatId }) => send(store, chatId, exampleMessage(ben, 50)),
      ({ chatId }) =>
        store.transaction(({ messages }) => messages.markRead(chatId, ada, null, minutesLater(51))),
      ({ chatId, ids: [first = id] }) =>
        store.transaction(({ messages }) => messages.react(chatId, first, { userId: ada, emoji: '👍' })),
    ]
    for (const work of works) {
      const [fewer = 0, more = 0] = await both(work)
      expect(more).toBe(fewer)
      expect(more).toBeLessThanOrEqual(6)
    }
  })
}
