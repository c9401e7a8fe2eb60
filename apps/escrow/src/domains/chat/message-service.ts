import type { Actor } from '../../platform/auth-guard.ts'
import type { Clock } from '../../platform/clock.ts'
import { invalidInput, notFound } from '../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { ChatRepositories } from '../../units.ts'
import type { RequestReadModel } from '../marketplace/request/index.ts'
import { isStaff, joined, visible } from './access.ts'
import { messageNotEditable, notTheSender } from './errors.ts'
import type { NewMessageInput } from './input.ts'
import { type Chat, type Message, type MessagePage, type MessageWindow, takesPart } from './model.ts'

export interface MessageService {
  /** Raises NOT_FOUND. */
  messages(actor: Actor, chatId: EntityId, window: MessageWindow): Promise<MessagePage>
  /** Raises NOT_FOUND, VALIDATION_FAILED for a reply to what is not in this chat. */
  send(actor: Actor, chatId: EntityId, input: NewMessageInput): Promise<Message>
  /** Raises NOT_FOUND, CHAT_NOT_THE_SENDER, CHAT_MESSAGE_FINAL. */
  edit(actor: Actor, chatId: EntityId, messageId: EntityId, content: string): Promise<Message>
  /** By the sender or an administrator. Raises NOT_FOUND, CHAT_NOT_THE_SENDER. */
  remove(actor: Actor, chatId: EntityId, messageId: EntityId): Promise<void>
  /** Raises NOT_FOUND, CHAT_NOT_A_PARTICIPANT, CHAT_MESSAGE_FINAL. */
  react(actor: Actor, chatId: EntityId, messageId: EntityId, emoji: string): Promise<Message>
  /** Raises NOT_FOUND, CHAT_NOT_A_PARTICIPANT. */
  unreact(actor: Actor, chatId: EntityId, messageId: EntityId, emoji: string): Promise<Message>
  /** Up to a message, or all of it. Staff that only looks in leaves no trace. Raises NOT_FOUND. */
  markRead(actor: Actor, chatId: EntityId, upTo: EntityId | undefined): Promise<void>
}

export function createMessageService({
  store,
  clock,
  requests,
}: {
  store: UnitStore<ChatRepositories>
  clock: Clock
  requests: RequestReadModel
}): MessageService {
  /** The request whose negotiation the next message begins, if any. */
  async function requestToNegotiate(chat: Chat): Promise<EntityId | null> {
    if (chat.relatedType !== 'PurchaseRequest' || chat.related?.kind !== 'entity') return null
    const { id } = chat.related
    return (await requests.requests([id])).get(id)?.status === 'received_offers' ? id : null
  }

  const reacting = (
    actor: Actor,
    chatId: EntityId,
    messageId: EntityId,
    act: (repositories: ChatRepositories, message: Message) => Promise<void>,
  ) =>
    store.transaction(async (repositories) => {
      joined(await repositories.chats.findForUpdate(chatId), chatId, actor)
      await act(repositories, await found(repositories, chatId, messageId))
      return found(repositories, chatId, messageId)
    })

  return {
    async messages(actor, chatId, window) {
      visible(await store.read.chats.find(chatId), chatId, actor)
      return store.read.messages.page(chatId, window)
    },

    async send(actor, chatId, input) {
      const chat = visible(await store.read.chats.find(chatId), chatId, actor)
      // Asked before the chat is held: the request may lie in another store.
      const requestId = await requestToNegotiate(chat)
      return store.transaction(async (repositories) => {
        const { chats, messages, effects } = repositories
        visible(await chats.findForUpdate(chatId), chatId, actor)
        if (input.replyTo !== null && (await messages.find(chatId, input.replyTo)) === null) {
          throw invalidInput('The message that this replies to is not in this chat.')
        }
        const at = clock.now()
        const id = newId(at)
        await messages.append(chatId, { ...input, id, senderId: actor.id, at })
        if (requestId !== null) {
          const payload = { requestId: publicId(requestId) }
          await effects.emit({ type: 'negotiation.began', key: payload.requestId, payload, at })
        }
        return found(repositories, chatId, id)
      })
    },

    edit: (actor, chatId, messageId, content) =>
      store.transaction(async (repositories) => {
        visible(await repositories.chats.findForUpdate(chatId), chatId, actor)
        const message = await found(repositories, chatId, messageId)
        if (message.senderId !== actor.id) throw notTheSender()
        if (message.isDeleted === true) throw messageNotEditable('A deleted message cannot be changed.')
        if (message.type === 'system') throw messageNotEditable('Messages of the system cannot be changed.')
        if (message.content === content) return message
        const change = { content, before: message.content, at: clock.now() }
        await repositories.messages.edit(chatId, messageId, change)
        return found(repositories, chatId, messageId)
      }),

    remove: (actor, chatId, messageId) =>
      store.transaction(async (repositories) => {
        visible(await repositories.chats.findForUpdate(chatId), chatId, actor)
        const message = await found(repositories, chatId, messageId)
        if (message.senderId !== actor.id && actor.role !== 'admin') throw notTheSender()
        if (message.isDeleted !== true) {
          await repositories.messages.markDeleted(chatId, messageId, clock.now())
        }
      }),

    react: (actor, chatId, messageId, emoji) =>
      reacting(actor, chatId, messageId, async ({ messages }, message) => {
        if (message.isDeleted === true) throw messageNotEditable('Nobody reacts to a deleted message.')
        await messages.react(chatId, messageId, { userId: actor.id, emoji })
      }),

    unreact: (actor, chatId, messageId, emoji) =>
      reacting(actor, chatId, messageId, ({ messages }) =>
        messages.unreact(chatId, messageId, { userId: actor.id, emoji }),
      ),

    markRead: (actor, chatId, upTo) =>
      store.transaction(async (repositories) => {
        const chat = visible(await repositories.chats.findForUpdate(chatId), chatId, actor)
        if (upTo !== undefined) await found(repositories, chatId, upTo)
        if (isStaff(actor) && !takesPart(chat, actor.id)) return
        await repositories.messages.markRead(chatId, actor.id, upTo ?? null, clock.now())
      }),
  }
}

async function found(
  { messages }: Pick<ChatRepositories, 'messages'>,
  chatId: EntityId,
  messageId: EntityId,
): Promise<Message> {
  const message = await messages.find(chatId, messageId)
  if (message === null) throw notFound('message', publicId(messageId))
  return message
}
