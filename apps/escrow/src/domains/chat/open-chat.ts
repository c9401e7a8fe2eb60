import { DomainError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { ChatRepositories } from '../../units.ts'
import { directKeyOf } from './direct-key.ts'
import type { Chat, NewChat, UnkeyedChat } from './model.ts'

export interface OpenedChat {
  chat: Chat
  isNew: boolean
}

export type ChatDetails = Pick<NewChat, 'name' | 'metadata' | 'at' | 'participants'>

/**
 * Finds the chat that two people have only once, or makes it. One of old data that has no key yet takes its key here,
 * so each is searched for once.
 */
export async function openChat(
  store: UnitStore<ChatRepositories>,
  wanted: UnkeyedChat,
  details: ChatDetails,
): Promise<OpenedChat> {
  const directKey = directKeyOf(wanted.type, wanted.between, wanted.related)
  const findOrCreate = (): Promise<OpenedChat> =>
    store.transaction(async ({ chats }) => {
      const known = await chats.findByKey(directKey)
      if (known !== null) return { chat: known, isNew: false }
      const old = await chats.findUnkeyed(wanted)
      if (old !== null) {
        await chats.setKey(old.id, directKey)
        return { chat: { ...old, directKey }, isNew: false }
      }
      const { type, relatedType, related } = wanted
      return createChat(chats, { ...details, type, relatedType, related, directKey })
    })
  try {
    return await findOrCreate()
  } catch (error) {
    // Somebody else made it meanwhile: the second look finds it.
    if (error instanceof DomainError && error.code === 'CHAT_EXISTS') return findOrCreate()
    throw error
  }
}

export async function createChat(
  chats: ChatRepositories['chats'],
  chat: Omit<NewChat, 'id' | 'description'>,
): Promise<OpenedChat> {
  const id = newId(chat.at)
  await chats.insert({ ...chat, id, description: null })
  const created = await chats.find(id)
  if (created === null) throw new Error(`Chat ${id} vanished in the transaction that made it.`)
  return { chat: created, isNew: true }
}
