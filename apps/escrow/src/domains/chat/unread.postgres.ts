import { type SQL, sql } from 'drizzle-orm'

/*
 * What somebody has not read: messages behind the last one that they read, not deleted, not their own. Whoever has no
 * `last_read_seq` (old data) has read up to the newest message with a receipt of theirs. Both look from the newest
 * message backwards, so that the cost follows what is unread and not the length of the chat. `p` is the participant.
 */

const lastRead = `coalesce(
  p.last_read_seq,
  (select read.seq from chat_messages read
   where read.chat_id = p.chat_id and exists (
     select from chat_message_reads receipt
     where receipt.chat_id = read.chat_id and receipt.message_id = read.id and receipt.user_id = p.user_id
   )
   order by read.seq desc limit 1),
  0)`

const unread = `(
  select count(*)::int from chat_messages unread
  where unread.chat_id = p.chat_id and unread.seq > ${lastRead}
    and unread.is_deleted is not true and unread.sender_id is distinct from p.user_id)`

/** As SQL text, for whoever asks outside of this domain's repositories: one count for each present participant. */
export const unreadCountsSql = `select distinct on (p.user_id) p.user_id, ${unread} as unread
  from chat_participants p
  where p.chat_id = $1 and p.user_id is not null and p.is_active is not false
  order by p.user_id, p.ordinal`

/** The same parts inside of Drizzle's queries; these are this file's own constants. */
export const lastReadSeq: SQL<number> = sql.raw(lastRead) as SQL<number>
export const unreadCount: SQL<number> = sql.raw(unread) as SQL<number>
