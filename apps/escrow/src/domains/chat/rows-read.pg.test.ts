import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, databaseOf } from '../../platform/database.ts'
import { type EntityId, newId } from '../../platform/ids.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../testing/references-between-units.ts'
import { createChatMessageRepository } from './messages.postgres.ts'
import { exampleChat, exampleMessage, insertChat, minutesLater } from './repository.contract.ts'
import { createChatRepository } from './repository.postgres.ts'

const [ada, ben] = [newId(), newId()]
const long = 2_000
/** With one chat alone, reading everything would be the shortest way to most of it. */
const chats = 10

let database: EscrowDatabase
let chatId: EntityId
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
  for (let i = 0; i < chats; i += 1)
    chatId = (await insertChat(database.units.chat, exampleChat([ada, ben]))).id
  await database.pool.query(
    `insert into chat_messages (chat_id, id, seq, sender_id, content, type, sent_at)
     select chats.id, gen_random_uuid(), n, case when n % 2 = 0 then $1::uuid else $2::uuid end, 'message ' || n, 'text',
       '2026-01-01'::timestamptz + n * interval '1 second'
     from chats, generate_series(1, $3) n`,
    [ada, ben, long],
  )
  await database.pool.query(
    `insert into chat_message_reads (chat_id, message_id, ordinal, user_id, read_at)
     select chat_id, id, 0, $1, sent_at from chat_messages where seq <= $2`,
    [ada, long - 30],
  )
  await database.pool.query('update chat_participants set last_read_seq = null where user_id = $1', [ada])
  await database.pool.query('analyze')
})
afterAll(() => database[Symbol.asyncDispose]())

/** How many rows and index entries of messages and receipts a piece of work touches. */
async function rowsRead(work: (db: Database) => Promise<unknown>): Promise<number> {
  const counted = `select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int as read
    from pg_stat_xact_user_tables where relname in ('chat_messages', 'chat_message_reads')`
  return databaseOf(database.pool).transaction(async (tx) => {
    // What earlier transactions of this connection have not reported yet is among the counts.
    const soFar = async () => Number((await tx.execute<{ read: number }>(counted)).rows[0]?.read)
    const before = await soFar()
    await work(tx)
    return (await soFar()) - before
  })
}

const page = { page: 1, limit: 1 }

// The old participant's place is found by their receipts, from the newest message backwards: 30 unread, 15 of them Ben's.
test.each<[string, number, (db: Database) => Promise<unknown>]>([
  ['opening it', 40, (db) => createChatMessageRepository(db).page(chatId, { limit: 20 })],
  ['finding it', 0, (db) => createChatRepository(db).find(chatId)],
  ['listing it', 100, (db) => createChatRepository(db).listOf(ada, {}, page)],
  ['counting what is unread', 100 * chats, (db) => createChatRepository(db).unreadTotal(ada)],
  ['sending', 10, (db) => createChatMessageRepository(db).append(chatId, exampleMessage(ada, 1))],
  [
    'reading it to the end',
    150,
    (db) => createChatMessageRepository(db).markRead(chatId, ada, null, minutesLater(9)),
  ],
])('in a chat of 2,000 messages, %s touches at most %i', async (_what, most, work) => {
  expect(await rowsRead(work)).toBeLessThanOrEqual(most)
})

test('the count is right all the same', async () => {
  const { rows } = await database.pool.query(
    'select max(last_read_seq) as place from chat_participants where user_id = $1',
    [ada],
  )
  expect(Number(rows[0].place)).toBe(long + 1)
  expect(await database.units.chat.read.chats.unreadTotal(ada)).toBe(15 * (chats - 1))
  const { messages, hasMore } = await database.units.chat.read.messages.page(chatId, { limit: 20 })
  expect([messages.length, hasMore, messages.at(-1)?.content]).toEqual([20, true, 'message 1'])
})
