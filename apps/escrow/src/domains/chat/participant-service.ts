import type { Actor } from '../../platform/auth-guard.ts'
import type { Clock } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { ChatRepositories } from '../../units.ts'
import { asGroup, joined, managed } from './access.ts'
import { mayNotManage } from './errors.ts'
import { type Chat, isPresent, participantOf, takesPart } from './model.ts'

export interface ParticipantService {
  /** Raises NOT_FOUND, CHAT_NOT_A_GROUP, CHAT_NOT_MANAGED_BY_YOU. */
  addParticipants(actor: Actor, chatId: EntityId, userIds: EntityId[]): Promise<Chat>
  /** An owner is removed by an administrator of the shop alone. Raises the same. */
  removeParticipant(actor: Actor, chatId: EntityId, userId: EntityId): Promise<Chat>
  /** An owner who goes leaves the group to its first administrator or member. Raises NOT_FOUND, CHAT_NOT_A_GROUP. */
  leave(actor: Actor, chatId: EntityId): Promise<void>
}

/** Who takes part in groups. What people wrote stays when they go. */
export function createParticipantService({
  store,
  clock,
  assertKnown,
}: {
  store: UnitStore<ChatRepositories>
  clock: Clock
  assertKnown: (ids: EntityId[]) => Promise<void>
}): ParticipantService {
  async function takeOut({ chats }: ChatRepositories, chat: Chat, userId: EntityId): Promise<void> {
    const wasOwner = participantOf(chat, userId)?.role === 'owner'
    await chats.leave(chat.id, userId, clock.now())
    const left = chat.participants.filter((one) => isPresent(one) && one.userId !== userId)
    if (!wasOwner || left.some(({ role }) => role === 'owner')) return
    const heir = left.find(({ role }) => role === 'admin') ?? left[0]
    if (heir?.userId != null) await chats.setRole(chat.id, heir.userId, 'owner')
  }

  return {
    async addParticipants(actor, chatId, userIds) {
      await assertKnown(userIds)
      return store.transaction(async ({ chats }) => {
        const chat = managed(await chats.findForUpdate(chatId), chatId, actor)
        const missing = [...new Set(userIds)].filter((userId) => !takesPart(chat, userId))
        for (const userId of missing) await chats.join(chatId, { userId, role: 'member' }, clock.now())
        return (await chats.find(chatId)) ?? chat
      })
    },

    removeParticipant: (actor, chatId, userId) =>
      store.transaction(async (repositories) => {
        const chat = managed(await repositories.chats.findForUpdate(chatId), chatId, actor)
        const participant = participantOf(chat, userId)
        if (participant === undefined) throw notFound('participant', publicId(userId))
        if (participant.role === 'owner' && actor.role !== 'admin') throw mayNotManage()
        await takeOut(repositories, chat, userId)
        return (await repositories.chats.find(chatId)) ?? chat
      }),

    leave: (actor, chatId) =>
      store.transaction(async (repositories) => {
        const chat = joined(await repositories.chats.findForUpdate(chatId), chatId, actor)
        await takeOut(repositories, asGroup(chat), actor.id)
      }),
  }
}
