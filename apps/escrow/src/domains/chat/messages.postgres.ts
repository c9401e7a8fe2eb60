import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../platform/database.ts'
import { withoutKept } from '../../platform/extra.ts'
import type { EntityId } from '../../platform/ids.ts'
import type { Message, MessageWindow } from './model.ts'
import { markReadInPostgres } from './receipts.postgres.ts'
import type { ChatMessageRepository } from './repository.ts'
import { messageOf } from './row.ts'
import {
  chatMessageAttachments,
  chatMessageEdits,
  chatMessageReactions,
  chatMessageReads,
  chatMessages,
  chats,
} from './schema.ts'

type MessageRow = typeof chatMessages.$inferSelect

/** The messages of chats in Postgres. */
export function createChatMessageRepository(db: Database): ChatMessageRepository {
  /** What hangs on these messages of one chat, in four statements, however many they are. */
  async function withElements(chatId: EntityId, rows: MessageRow[]): Promise<Message[]> {
    if (rows.length === 0) return []
    const ids = rows.map(({ id }) => id)
    const attachments = await db
      .select()
      .from(chatMessageAttachments)
      .where(hangsOn(chatMessageAttachments, chatId, ids))
      .orderBy(asc(chatMessageAttachments.ordinal))
    const reactions = await db
      .select()
      .from(chatMessageReactions)
      .where(hangsOn(chatMessageReactions, chatId, ids))
      .orderBy(asc(chatMessageReactions.ordinal))
    const reads = await db
      .select()
      .from(chatMessageReads)
      .where(hangsOn(chatMessageReads, chatId, ids))
      .orderBy(asc(chatMessageReads.ordinal))
    const edits = await db
      .select()
      .from(chatMessageEdits)
      .where(hangsOn(chatMessageEdits, chatId, ids))
      .orderBy(asc(chatMessageEdits.ordinal))
    const of = <Row extends { messageId: EntityId }>(all: Row[], id: EntityId) =>
      all.filter(({ messageId }) => messageId === id)
    return rows.map((row) =>
      messageOf(row, {
        attachments: of(attachments, row.id),
        reactions: of(reactions, row.id),
        reads: of(reads, row.id),
        edits: of(edits, row.id),
      }),
    )
  }

  const change = (
    chatId: EntityId,
    messageId: EntityId,
    values: Partial<Omit<MessageRow, 'extra'>> & { extra?: SQL },
  ) =>
    db
      .update(chatMessages)
      .set(values)
      .where(and(eq(chatMessages.chatId, chatId), eq(chatMessages.id, messageId)))

  return {
    async page(chatId, window) {
      const forward = window.after !== undefined
      const rows = await db
        .select()
        .from(chatMessages)
        .where(and(eq(chatMessages.chatId, chatId), beyond(chatId, window)))
        .orderBy(forward ? asc(chatMessages.seq) : sql`${chatMessages.seq} desc`)
        .limit(window.limit + 1)
      const shown = rows.slice(0, window.limit)
      const messages = await withElements(chatId, forward ? shown : shown.reverse())
      return { messages, hasMore: rows.length > window.limit }
    },

    async find(chatId, messageId) {
      const rows = await db
        .select()
        .from(chatMessages)
        .where(and(eq(chatMessages.chatId, chatId), eq(chatMessages.id, messageId)))
      return (await withElements(chatId, rows))[0] ?? null
    },

    async append(chatId, { attachments, at, ...message }) {
      // The chat's row first: it is the lock under which places are given one after the other.
      await db.update(chats).set({ updatedAt: at }).where(eq(chats.id, chatId))
      const seq = sql<number>`(select coalesce(max(${chatMessages.seq}), 0) + 1 from ${chatMessages} where ${chatMessages.chatId} = ${chatId})`
      await db
        .insert(chatMessages)
        .values({ ...message, chatId, seq, timestamp: at, isEdited: false, isDeleted: false })
      if (attachments.length === 0) return
      await db
        .insert(chatMessageAttachments)
        .values(attachments.map((one, ordinal) => ({ ...one, chatId, messageId: message.id, ordinal })))
    },

    async edit(chatId, messageId, { content, before, at }) {
      await db.insert(chatMessageEdits).values({
        chatId,
        messageId,
        ordinal: nextOrdinal(chatMessageEdits, chatId, messageId),
        content: before,
        at,
      })
      await change(chatId, messageId, { content, isEdited: true, editedAt: at })
    },

    async markDeleted(chatId, messageId, at) {
      await change(chatId, messageId, { isDeleted: true, deletedAt: at })
    },

    async react(chatId, messageId, { userId, emoji }) {
      const on = reactionOn(chatId, messageId, emoji)
      const found = await db
        .select({ ordinal: chatMessageReactions.ordinal })
        .from(chatMessageReactions)
        .where(on)
      if (found.length === 0) {
        await db.insert(chatMessageReactions).values({
          chatId,
          messageId,
          ordinal: nextOrdinal(chatMessageReactions, chatId, messageId),
          emoji,
          users: [userId],
        })
        return
      }
      const users = sql`coalesce(${chatMessageReactions.users}, '{}')`
      await db
        .update(chatMessageReactions)
        .set({
          users: sql`array_append(${users}, ${userId}::uuid)`,
          extra: withoutKept(chatMessageReactions.extra, ['users']),
        })
        .where(and(on, sql`${userId}::uuid <> all (${users})`))
    },

    async unreact(chatId, messageId, { userId, emoji }) {
      await db
        .update(chatMessageReactions)
        .set({ users: sql`array_remove(${chatMessageReactions.users}, ${userId}::uuid)` })
        .where(
          and(
            reactionOn(chatId, messageId, emoji),
            sql`${userId}::uuid = any (${chatMessageReactions.users})`,
          ),
        )
    },

    markRead: (chatId, userId, upTo, at) => markReadInPostgres(db, chatId, userId, upTo, at),
  }
}

type ElementTable =
  | typeof chatMessageAttachments
  | typeof chatMessageEdits
  | typeof chatMessageReactions
  | typeof chatMessageReads

function hangsOn(table: ElementTable, chatId: EntityId, ids: EntityId[]): SQL | undefined {
  return and(eq(table.chatId, chatId), inArray(table.messageId, ids))
}

/** The place behind the last element; safe because whoever writes holds the chat. */
function nextOrdinal(table: ElementTable, chatId: EntityId, messageId: EntityId): SQL<number> {
  return sql<number>`(select coalesce(max(${table.ordinal}), -1) + 1 from ${table}
    where ${table.chatId} = ${chatId} and ${table.messageId} = ${messageId})`
}

function reactionOn(chatId: EntityId, messageId: EntityId, emoji: string): SQL | undefined {
  return and(hangsOn(chatMessageReactions, chatId, [messageId]), eq(chatMessageReactions.emoji, emoji))
}

/** Past the cursor. A cursor that is not in the chat has no place, so nothing stands beyond it. */
function beyond(chatId: EntityId, { before, after }: MessageWindow): SQL | undefined {
  const placeOf = (id: EntityId) =>
    sql`(select cursor.seq from chat_messages cursor where cursor.chat_id = ${chatId} and cursor.id = ${id})`
  if (after !== undefined) return sql`${chatMessages.seq} > ${placeOf(after)}`
  return before === undefined ? undefined : sql`${chatMessages.seq} < ${placeOf(before)}`
}
