import type { Paged } from '../../platform/answer.ts'
import type { Actor } from '../../platform/auth-guard.ts'
import type { Clock } from '../../platform/clock.ts'
import { invalidInput, notFound } from '../../platform/errors.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'
import type { Units } from '../../units.ts'
import type { RequestReadModel } from '../marketplace/request/index.ts'
import type { UserReadModel, UserSummary } from '../user/index.ts'
import { joined, visible } from './access.ts'
import { supportUnavailable, tooFewParticipants } from './errors.ts'
import type { ChatListInput, NewChatInput, RequestChatInput } from './input.ts'
import { createMessageService, type MessageService } from './message-service.ts'
import type { Chat, ListedChat, UnreadInChat } from './model.ts'
import { createChat, type OpenedChat, openChat } from './open-chat.ts'
import { createParticipantService, type ParticipantService } from './participant-service.ts'

export interface ChatServiceOptions {
  units: Pick<Units, 'chat'>
  clock: Clock
  users: UserReadModel
  requests: RequestReadModel
  /** The account that answers support chats. */
  supportEmail: string
}

export interface ChatService extends MessageService, ParticipantService {
  /** A direct chat of two is found where it exists. Raises CHAT_TOO_FEW_PARTICIPANTS, NOT_FOUND, VALIDATION_FAILED. */
  create(actor: Actor, input: NewChatInput): Promise<OpenedChat>
  /** The chat of a request's buyer and a seller about it, made where it does not exist. Raises NOT_FOUND. */
  openForRequest(actor: Actor, input: RequestChatInput): Promise<OpenedChat>
  /** Raises CHAT_SUPPORT_UNAVAILABLE. */
  openSupport(actor: Actor): Promise<OpenedChat>
  list(actor: Actor, input: ChatListInput): Promise<Paged<ListedChat>>
  /** Raises NOT_FOUND. */
  info(actor: Actor, id: EntityId): Promise<Chat>
  /** Turns archived into not archived and back, for all who take part. Raises NOT_FOUND, CHAT_NOT_A_PARTICIPANT. */
  toggleArchived(actor: Actor, id: EntityId): Promise<Chat>
  unread(actor: Actor): Promise<{ total: number; chats: UnreadInChat[] }>
  /** Who these are, asked of their owner in one call. */
  people(ids: (EntityId | null)[]): Promise<Map<EntityId, UserSummary>>
}

export function createChatService(options: ChatServiceOptions): ChatService {
  const { units, clock, users, requests, supportEmail } = options
  const store = units.chat

  async function assertKnown(ids: EntityId[]): Promise<void> {
    const known = await users.summaries(ids)
    const unknown = ids.find((id) => known.get(id)?.isActive !== true)
    if (unknown !== undefined) throw notFound('user', publicId(unknown))
  }

  return {
    ...createMessageService({ store, clock, requests }),
    ...createParticipantService({ store, clock, assertKnown }),

    async create(actor, { participantIds, type, title, metadata }) {
      const ids = [...new Set([actor.id, ...participantIds])]
      const [, other] = ids
      if (other === undefined) throw tooFewParticipants()
      if (type === 'direct' && ids.length > 2) throw invalidInput('A direct chat is of exactly two.')
      await assertKnown(ids.slice(1))
      const details = { name: title ?? null, metadata: metadata ?? null, at: clock.now() }
      if (ids.length === 2 && type !== 'group') {
        const wanted = {
          type: 'direct',
          between: [actor.id, other],
          relatedType: null,
          related: null,
        } as const
        return openChat(store, wanted, { ...details, participants: members(ids) })
      }
      const participants = ids.map((userId) => ({
        userId,
        role: userId === actor.id ? ('owner' as const) : ('member' as const),
      }))
      const none = { directKey: null, relatedType: null, related: null }
      return store.transaction(({ chats }) =>
        createChat(chats, { ...details, ...none, type: 'group', participants }),
      )
    },

    async openForRequest(actor, { purchaseRequestId, sellerId }) {
      const request = (await requests.requests([purchaseRequestId])).get(purchaseRequestId)
      const buyerId = request?.buyerId ?? null
      const isTheirs = actor.id === buyerId || actor.role === 'admin' || actor.id === sellerId
      if (request === undefined || buyerId === null || !isTheirs || buyerId === sellerId) {
        throw notFound('purchase request', publicId(purchaseRequestId))
      }
      if (actor.id === sellerId && !(await requests.isVisibleTo(actor, purchaseRequestId))) {
        throw notFound('purchase request', publicId(purchaseRequestId))
      }
      if ((await users.summaries([sellerId])).get(sellerId)?.role !== 'seller') {
        throw notFound('seller', publicId(sellerId))
      }
      return openChat(
        store,
        {
          type: 'direct',
          between: [buyerId, sellerId],
          relatedType: 'PurchaseRequest',
          related: purchaseRequestId,
        },
        {
          name: request.title?.slice(0, 100) ?? null,
          metadata: null,
          at: clock.now(),
          participants: members([buyerId, sellerId]),
        },
      )
    },

    async openSupport(actor) {
      const support = await users.idOfEmail(supportEmail)
      if (support === null || support === actor.id) throw supportUnavailable()
      const wanted = {
        type: 'support',
        between: [actor.id, support],
        relatedType: null,
        related: null,
      } as const
      const details = { name: null, metadata: null, at: clock.now() }
      return openChat(store, wanted, { ...details, participants: members([actor.id, support]) })
    },

    async list(actor, { page, limit, ...filter }) {
      const items = await store.read.chats.listOf(actor.id, filter, { page, limit })
      return { items, total: await store.read.chats.countOf(actor.id, filter) }
    },

    async info(actor, id) {
      return visible(await store.read.chats.find(id), id, actor)
    },

    toggleArchived: (actor, id) =>
      store.transaction(async ({ chats }) => {
        const chat = joined(await chats.findForUpdate(id), id, actor)
        const isArchived = chat.isArchived !== true
        const updatedAt = clock.now()
        await chats.setArchived(id, isArchived, updatedAt)
        return { ...chat, isArchived, updatedAt }
      }),

    async unread(actor) {
      const chats = await store.read.chats.unreadByChat(actor.id)
      return { total: chats.reduce((sum, { unread }) => sum + unread, 0), chats }
    },

    people: (ids) => users.summaries(ids.filter((id) => id !== null)),
  }
}

function members(ids: EntityId[]) {
  return ids.map((userId) => ({ userId, role: 'member' as const }))
}
