import { inArray, sql } from 'drizzle-orm'
import type { Database } from '../../platform/database.ts'
import { keptText } from '../../platform/extra.ts'
import type { EntityId } from '../../platform/ids.ts'
import type { LastMessage } from './model.ts'
import { chatMessages, chats } from './schema.ts'

/** The last message of each chat that was not deleted: one statement, and one step into the index for each chat. */
export async function lastMessagesOf(db: Database, ids: EntityId[]): Promise<Map<EntityId, LastMessage>> {
  if (ids.length === 0) return new Map()
  const last = db
    .select()
    .from(chatMessages)
    .where(sql`${chatMessages.chatId} = ${chats.id} and ${chatMessages.isDeleted} is not true`)
    .orderBy(sql`${chatMessages.seq} desc`)
    .limit(1)
    .as('last')
  const rows = await db
    .select({
      chatId: chats.id,
      content: last.content,
      senderId: last.senderId,
      timestamp: last.timestamp,
      extra: last.extra,
    })
    .from(chats)
    .innerJoinLateral(last, sql`true`)
    .where(inArray(chats.id, ids))
  return new Map(
    rows.map(({ chatId, extra, content, ...rest }) => [
      chatId,
      { ...rest, content: content ?? keptText(extra, 'content') },
    ]),
  )
}
