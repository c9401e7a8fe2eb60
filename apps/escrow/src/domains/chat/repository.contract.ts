import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import { entityReference } from '../../platform/reference.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { ChatRepositories } from '../../units.ts'
import { directKeyOf } from './direct-key.ts'
import type { NewChat, NewMessage } from './model.ts'

type Store = UnitStore<ChatRepositories>

const start = new Date('2026-03-01T10:00:00.123Z')
export const minutesLater = (minutes: number) => new Date(start.getTime() + minutes * 60_000)

export function exampleChat(between: readonly EntityId[], changes: Partial<NewChat> = {}): NewChat {
  return {
    id: newId(start),
    type: 'group',
    name: 'خریداران 🛍',
    description: null,
    directKey: null,
    relatedType: null,
    related: null,
    metadata: { source: 'web' },
    participants: between.map((userId, i) => ({ userId, role: i === 0 ? 'owner' : 'member' })),
    at: start,
    ...changes,
  }
}

export function exampleMessage(
  senderId: EntityId,
  minute: number,
  changes: Partial<NewMessage> = {},
): NewMessage {
  return {
    id: newId(minutesLater(minute)),
    senderId,
    content: `message ${minute}`,
    type: 'text',
    replyTo: null,
    attachments: [],
    at: minutesLater(minute),
    ...changes,
  }
}

export async function insertChat(store: Store, chat: NewChat): Promise<NewChat> {
  await store.transaction(({ chats }) => chats.insert(chat))
  return chat
}

export async function send(store: Store, chatId: EntityId, ...messages: NewMessage[]): Promise<NewMessage[]> {
  await store.transaction(async (repositories) => {
    await repositories.chats.findForUpdate(chatId)
    for (const message of messages) await repositories.messages.append(chatId, message)
  })
  return messages
}

const page = { page: 1, limit: 20 }

/** What every implementation of `ChatRepository` must do. */
export function chatRepositoryContract(
  freshStore: () => Promise<Store>,
  countStatements: CountStatements,
): void {
  const people = () => [newId(), newId(), newId()] as const

  test('a chat comes back as it was stored, with its participants in their order', async () => {
    const store = await freshStore()
    const [ada, ben] = people()
    const related = newId()
    const chat = await insertChat(store, exampleChat([ada, ben], { relatedType: 'PurchaseRequest', related }))
    const { participants, at, ...fields } = chat
    const expected = {
      ...fields,
      related: entityReference(related),
      isArchived: false,
      participants: participants.map((one) => ({
        ...one,
        joinedAt: at,
        leftAt: null,
        lastSeen: null,
        isActive: true,
        lastReadSeq: 0,
      })),
      createdAt: at,
      updatedAt: at,
    }
    expect(await store.read.chats.find(chat.id)).toEqual(expected)
    expect(await store.transaction(({ chats }) => chats.findForUpdate(chat.id))).toEqual(expected)
    expect(await store.read.chats.listAbout('PurchaseRequest', [related, newId()])).toEqual([expected])
    expect(await store.read.chats.listAbout('SellerOffer', [related])).toEqual([])
    expect(await store.read.chats.find(newId())).toBeNull()
  })

  test('a key is given once', async () => {
    const store = await freshStore()
    const [ada, ben] = people()
    const directKey = directKeyOf('direct', [ada, ben], null)
    const chat = await insertChat(store, exampleChat([ada, ben], { type: 'direct', directKey }))
    expect((await store.read.chats.findByKey(directKey))?.id).toBe(chat.id)
    expect(await store.read.chats.findByKey('nobody')).toBeNull()
    const second = insertChat(store, exampleChat([ben, ada], { type: 'direct', directKey }))
    await expect(second).rejects.toMatchObject({ code: 'CHAT_EXISTS' })
  })

  test('an old chat without a key is found by who is in it and what it is about, and takes its key', async () => {
    const store = await freshStore()
    const [ada, ben, eve] = people()
    const related = newId()
    const plain = await insertChat(store, exampleChat([ada, ben], { type: 'direct' }))
    const about = { type: 'direct', relatedType: 'PurchaseRequest', related } as const
    const onRequest = await insertChat(store, exampleChat([ada, ben], about))
    await insertChat(store, exampleChat([ada, ben, eve]))
    const wanted = { type: 'direct', between: [ben, ada], relatedType: null, related: null } as const
    expect((await store.read.chats.findUnkeyed(wanted))?.id).toBe(plain.id)
    expect((await store.read.chats.findUnkeyed({ ...wanted, ...about }))?.id).toBe(onRequest.id)
    expect(await store.read.chats.findUnkeyed({ ...wanted, between: [ada, eve] })).toBeNull()
    expect(await store.read.chats.findUnkeyed({ ...wanted, type: 'support' })).toBeNull()
    await store.transaction(({ chats }) => chats.setKey(plain.id, 'the key'))
    expect((await store.read.chats.findByKey('the key'))?.id).toBe(plain.id)
    expect(await store.read.chats.findUnkeyed(wanted)).toBeNull()
  })

  test('the list shows what somebody takes part in: last changed first, filtered and paged', async () => {
    const store = await freshStore()
    const [ada, ben, eve] = people()
    const quiet = await insertChat(store, exampleChat([ada, ben], { at: minutesLater(1) }))
    const loud = await insertChat(store, exampleChat([ada, eve], { at: minutesLater(0), type: 'support' }))
    const left = await insertChat(store, exampleChat([eve, ada]))
    await insertChat(store, exampleChat([ben, eve]))
    await send(store, loud.id, exampleMessage(eve, 5), exampleMessage(ada, 6))
    await store.transaction(async ({ chats }) => {
      await chats.leave(left.id, ada, minutesLater(9))
      await chats.setArchived(quiet.id, true, minutesLater(3))
    })
    const ids = async (filter = {}, at = page) =>
      (await store.read.chats.listOf(ada, filter, at)).map(({ id }) => id)
    expect(await ids()).toEqual([loud.id, quiet.id])
    expect(await ids({ type: 'support' })).toEqual([loud.id])
    expect(await ids({ archived: true })).toEqual([quiet.id])
    expect(await ids({ archived: false })).toEqual([loud.id])
    expect(await ids({}, { page: 2, limit: 1 })).toEqual([quiet.id])
    expect(await store.read.chats.countOf(ada, {})).toBe(2)
    expect(await store.read.chats.countOf(ada, { archived: true })).toBe(1)
    const [first, second] = await store.read.chats.listOf(ada, {}, page)
    expect(first).toMatchObject({
      ...(await store.read.chats.find(loud.id)),
      lastMessage: { content: 'message 6', senderId: ada, timestamp: minutesLater(6) },
      unread: 1,
    })
    expect(second).toMatchObject({ lastMessage: null, unread: 0 })
  })

  test('unread is what came after the last message read, from others, and was not deleted', async () => {
    const store = await freshStore()
    const [ada, ben, eve] = people()
    const chat = await insertChat(store, exampleChat([ada, ben, eve]))
    const other = await insertChat(store, exampleChat([ada, eve]))
    const sent = await send(
      store,
      chat.id,
      exampleMessage(ben, 1),
      exampleMessage(ada, 2),
      exampleMessage(eve, 3),
      exampleMessage(ben, 4),
    )
    await send(store, other.id, exampleMessage(eve, 5))
    const unread = async (userId: EntityId) =>
      Object.fromEntries(
        (await store.read.chats.unreadByChat(userId)).map(({ chatId, unread }) => [chatId, unread]),
      )
    expect(await unread(ada)).toEqual({ [chat.id]: 3, [other.id]: 1 })
    expect(await unread(ben)).toEqual({ [chat.id]: 2 })
    expect(await store.read.chats.unreadTotal(ada)).toBe(4)
    expect(await store.read.chats.unreadTotal(newId())).toBe(0)

    const [first, , third, last] = sent.map(({ id }) => id)
    await store.transaction(async ({ messages }) => {
      await messages.markRead(chat.id, ada, first ?? null, minutesLater(6))
      if (last !== undefined) await messages.markDeleted(chat.id, last, minutesLater(7))
    })
    expect(await unread(ada)).toEqual({ [chat.id]: 1, [other.id]: 1 })
    await store.transaction(({ messages }) => messages.markRead(chat.id, ada, third ?? null, minutesLater(8)))
    // Reading an older message again does not take anything back.
    await store.transaction(({ messages }) => messages.markRead(chat.id, ada, first ?? null, minutesLater(9)))
    expect(await unread(ada)).toEqual({ [other.id]: 1 })
    const [listed] = await store.read.chats.listOf(ada, {}, { page: 2, limit: 1 })
    expect(listed).toMatchObject({
      id: chat.id,
      unread: 0,
      lastMessage: { content: 'message 3', senderId: eve },
    })
  })

  test('who joins has nothing to catch up with; who leaves is gone and can come back', async () => {
    const store = await freshStore()
    const [ada, ben, eve] = people()
    const chat = await insertChat(store, exampleChat([ada, ben]))
    await send(store, chat.id, exampleMessage(ada, 1))
    await store.transaction(({ chats }) =>
      chats.join(chat.id, { userId: eve, role: 'member' }, minutesLater(2)),
    )
    expect(await store.read.chats.unreadTotal(eve)).toBe(0)
    await send(store, chat.id, exampleMessage(ada, 3))
    expect(await store.read.chats.unreadTotal(eve)).toBe(1)

    await store.transaction(({ chats }) => chats.leave(chat.id, eve, minutesLater(4)))
    expect(await store.read.chats.unreadTotal(eve)).toBe(0)
    expect((await store.read.chats.find(chat.id))?.participants.at(-1)).toMatchObject({
      userId: eve,
      isActive: false,
      leftAt: minutesLater(4),
      lastReadSeq: 1,
    })
    await send(store, chat.id, exampleMessage(ada, 5))
    await store.transaction(async ({ chats }) => {
      await chats.join(chat.id, { userId: eve, role: 'admin' }, minutesLater(6))
      await chats.setRole(chat.id, ben, 'owner')
    })
    const found = await store.read.chats.find(chat.id)
    expect(found?.updatedAt).toEqual(minutesLater(6))
    expect(found?.participants.map(({ role }) => role)).toEqual(['owner', 'owner', 'admin'])
    expect(found?.participants.at(-1)).toMatchObject({ isActive: true, leftAt: null, lastReadSeq: 3 })
  })

  test('the number of statements does not grow with the chats, the participants or the messages', async () => {
    const store = await freshStore()
    const few = await crowd(store, 2)
    const many = await crowd(store, 12)
    const { chats } = store.read
    for (const ask of [
      (userId: EntityId) => chats.listOf(userId, {}, page),
      (userId: EntityId) => chats.countOf(userId, {}),
      (userId: EntityId) => chats.unreadByChat(userId),
      (userId: EntityId) => chats.unreadTotal(userId),
    ]) {
      expect(await countStatements(() => ask(many))).toBe(await countStatements(() => ask(few)))
    }
    const about = Array.from({ length: 6 }, () => newId())
    for (const related of about) {
      await insertChat(store, exampleChat(people(), { relatedType: 'PurchaseRequest', related }))
    }
    const listAbout = (ids: EntityId[]) => countStatements(() => chats.listAbout('PurchaseRequest', ids))
    expect(await listAbout(about)).toBe(await listAbout(about.slice(0, 1)))
    expect(await countStatements(() => chats.listOf(many, {}, page))).toBeLessThanOrEqual(3)
    expect(await countStatements(() => chats.unreadTotal(many))).toBe(1)
  })

  /** Somebody with `size` chats of `size` messages each. */
  async function crowd(store: Store, size: number): Promise<EntityId> {
    const [ada, ben] = people()
    const minutes = Array.from({ length: size }, (_, minute) => minute)
    for (const minute of minutes) {
      const chat = await insertChat(store, exampleChat([ada, ben], { at: minutesLater(minute) }))
      await send(store, chat.id, ...minutes.map((at) => exampleMessage(ben, at)))
    }
    return ada
  }
}
