import { and, asc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { bornAt, referenceValues } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import type { EntityId } from '../../platform/ids.ts'
import { violates } from '../../platform/postgres-error.ts'
import { entityReference } from '../../platform/reference.ts'
import { chatExists } from './errors.ts'
import { lastMessagesOf } from './last-messages.postgres.ts'
import type { Chat, ChatFilter, UnkeyedChat, UnreadInChat } from './model.ts'
import type { ChatRepository } from './repository.ts'
import { chatOf } from './row.ts'
import { chatMessages, chatParticipants, chats } from './schema.ts'
import { unreadCount } from './unread.postgres.ts'

type ChatRow = typeof chats.$inferSelect

/** The name by which the texts of `unread.postgres.ts` call the participant. */
const p = alias(chatParticipants, 'p')

/** Chats in Postgres. */
export function createChatRepository(db: Database): ChatRepository {
  /** With their participants, in the order given: two statements, however many chats. */
  async function withParticipants(rows: ChatRow[]): Promise<Chat[]> {
    if (rows.length === 0) return []
    const ids = rows.map(({ id }) => id)
    const participants = await db
      .select()
      .from(chatParticipants)
      .where(inArray(chatParticipants.chatId, ids))
      .orderBy(asc(chatParticipants.chatId), asc(chatParticipants.ordinal))
    const byChat = Map.groupBy(participants, ({ chatId }) => chatId)
    return rows.map((row) => chatOf(row, byChat.get(row.id) ?? []))
  }

  const first = async (rows: ChatRow[]) => (await withParticipants(rows))[0] ?? null

  const participant = (id: EntityId, userId: EntityId) =>
    and(eq(chatParticipants.chatId, id), eq(chatParticipants.userId, userId))

  return {
    find: async (id) => first(await db.select().from(chats).where(eq(chats.id, id))),
    findForUpdate: async (id) => first(await db.select().from(chats).where(eq(chats.id, id)).for('update')),
    findByKey: async (key) => first(await db.select().from(chats).where(eq(chats.directKey, key))),

    async findUnkeyed(wanted) {
      return first(await db.select().from(chats).where(isUnkeyed(wanted)).orderBy(asc(chats.id)).limit(1))
    },

    async listAbout(relatedType, ids) {
      if (ids.length === 0) return []
      const about = and(eq(chats.relatedType, relatedType), inArray(chats.relatedId, ids))
      return withParticipants(await db.select().from(chats).where(about).orderBy(asc(chats.id)))
    },

    async listOf(userId, filter, { page, limit }) {
      const rows = await db
        .select({ chat: chats, unread: unreadCount })
        .from(chats)
        .innerJoin(p, eq(p.chatId, chats.id))
        .where(and(isSeenBy(userId), matching(filter)))
        // Old rows without a time come last, as MongoDB sorts missing values below all others.
        .orderBy(sql`${chats.updatedAt} desc nulls last`, sql`${chats.id} desc`)
        .limit(limit)
        .offset((page - 1) * limit)
      const found = await withParticipants(rows.map(({ chat }) => chat))
      const last = await lastMessagesOf(
        db,
        found.map(({ id }) => id),
      )
      return found.map((chat, i) => ({
        ...chat,
        lastMessage: last.get(chat.id) ?? null,
        unread: rows[i]?.unread ?? 0,
      }))
    },

    async countOf(userId, filter) {
      const [row] = await db
        .select({ count: sql<number>`count(*)::int` })
        .from(chats)
        .innerJoin(p, eq(p.chatId, chats.id))
        .where(and(isSeenBy(userId), matching(filter)))
      return row?.count ?? 0
    },

    unreadByChat: (userId) => unreadOf(db, userId),

    async unreadTotal(userId) {
      return (await unreadOf(db, userId)).reduce((sum, { unread }) => sum + unread, 0)
    },

    async insert({ participants, related, at, ...chat }) {
      await db
        .insert(chats)
        .values({
          ...chat,
          ...bornAt(chat.id, at),
          ...referenceValues('related', related === null ? null : entityReference(related)),
          isArchived: false,
        })
        .catch(refuseSecond)
      await db.insert(chatParticipants).values(
        participants.map((one, ordinal) => ({
          ...one,
          chatId: chat.id,
          ordinal,
          joinedAt: at,
          isActive: true,
          lastReadSeq: 0,
        })),
      )
    },

    async setKey(id, directKey) {
      await db.update(chats).set({ directKey }).where(eq(chats.id, id)).catch(refuseSecond)
    },

    async setArchived(id, isArchived, at) {
      await db.update(chats).set({ isArchived, updatedAt: at }).where(eq(chats.id, id))
    },

    async join(id, { userId, role }, at) {
      const lastReadSeq = sql<number>`(select coalesce(max(${chatMessages.seq}), 0) from ${chatMessages} where ${chatMessages.chatId} = ${id})`
      const back = await db
        .update(chatParticipants)
        .set({ role, joinedAt: at, leftAt: null, isActive: true, lastReadSeq })
        .where(participant(id, userId))
        .returning({ ordinal: chatParticipants.ordinal })
      if (back.length === 0) {
        const ordinal = sql<number>`(select coalesce(max(${chatParticipants.ordinal}), -1) + 1 from ${chatParticipants} where ${chatParticipants.chatId} = ${id})`
        await db
          .insert(chatParticipants)
          .values({ chatId: id, ordinal, userId, role, joinedAt: at, isActive: true, lastReadSeq })
      }
      await db.update(chats).set({ updatedAt: at }).where(eq(chats.id, id))
    },

    async leave(id, userId, at) {
      await db.update(chatParticipants).set({ isActive: false, leftAt: at }).where(participant(id, userId))
      await db.update(chats).set({ updatedAt: at }).where(eq(chats.id, id))
    },

    async setRole(id, userId, role) {
      await db.update(chatParticipants).set({ role }).where(participant(id, userId))
    },
  }
}

/** Whoever stands twice among the participants of an old chat sees it once. */
function isSeenBy(userId: EntityId): SQL | undefined {
  return and(
    eq(p.userId, userId),
    sql`${p.isActive} is not false`,
    sql`not exists (select from chat_participants twin where twin.chat_id = p.chat_id
      and twin.user_id = p.user_id and twin.is_active is not false and twin.ordinal < p.ordinal)`,
  )
}

function matching({ type, archived }: ChatFilter): SQL | undefined {
  return and(
    type === undefined ? undefined : eq(chats.type, type),
    archived === undefined ? undefined : sql`${chats.isArchived} is ${archived ? sql`true` : sql`not true`}`,
  )
}

/** A chat of exactly these two people, about exactly this. */
function isUnkeyed({ type, between, relatedType, related }: UnkeyedChat): SQL | undefined {
  const [one, other] = between
  const named = (userId: EntityId) =>
    sql`exists (select from chat_participants p where p.chat_id = chats.id and p.user_id = ${userId})`
  return and(
    eq(chats.type, type),
    isNull(chats.directKey),
    named(one),
    named(other),
    sql`(select count(*) from chat_participants p where p.chat_id = chats.id) = 2`,
    related === null || relatedType === null
      ? isNull(chats.relatedRefKind)
      : and(eq(chats.relatedType, relatedType), eq(chats.relatedId, related)),
  )
}

async function unreadOf(db: Database, userId: EntityId): Promise<UnreadInChat[]> {
  const counted = await db
    .select({ chatId: p.chatId, unread: unreadCount })
    .from(p)
    .where(isSeenBy(userId))
    .orderBy(asc(p.chatId))
  // Left out here: a condition on the count would have it counted twice.
  return counted.filter(({ unread }) => unread > 0)
}

function refuseSecond(error: unknown): never {
  if (violates(error, 'chats_direct_key')) throw chatExists(error)
  throw error
}
