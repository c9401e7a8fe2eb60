import { sql } from 'drizzle-orm'
import type { Database } from '../../platform/database.ts'
import type { EntityId } from '../../platform/ids.ts'
import { receiptLimit } from './repository.ts'
import { lastReadSeq } from './unread.postgres.ts'

/** Two statements, whatever the number of messages: receipts for the newest, then the place itself. */
export async function markReadInPostgres(
  db: Database,
  chatId: EntityId,
  userId: EntityId,
  upTo: EntityId | null,
  at: Date,
): Promise<void> {
  const target = sql`(select m.seq from chat_messages m where m.chat_id = ${chatId}
    and (${upTo}::uuid is null or m.id = ${upTo}::uuid) order by m.seq desc limit 1)`
  const present = sql`p.chat_id = ${chatId} and p.user_id = ${userId} and p.is_active is not false`

  await db.execute(sql`
    insert into chat_message_reads (chat_id, message_id, ordinal, user_id, read_at)
    select passed.chat_id, passed.id,
      (select coalesce(max(r.ordinal), -1) + 1 from chat_message_reads r
       where r.chat_id = passed.chat_id and r.message_id = passed.id),
      ${userId}, ${at.toISOString()}::timestamptz
    from (
      select m.chat_id, m.id, m.seq from chat_messages m
      where m.chat_id = ${chatId}
        and m.seq > (select ${lastReadSeq} from chat_participants p where ${present} order by p.ordinal limit 1)
        and m.seq <= ${target}
        and m.sender_id is distinct from ${userId}::uuid
      order by m.seq desc limit ${receiptLimit}
    ) passed
    where not exists (select from chat_message_reads r
      where r.chat_id = passed.chat_id and r.message_id = passed.id and r.user_id = ${userId})`)

  await db.execute(sql`
    update chat_participants p
    set last_read_seq = greatest(${lastReadSeq}, coalesce(${target}, 0)), last_seen = ${at.toISOString()}::timestamptz
    where ${present}`)
}
