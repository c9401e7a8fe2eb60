import { ObjectId } from 'mongodb'
import { Client } from 'pg'
import { pino } from 'pino'
import { chats } from '../apps/escrow/src/domains/chat/legacy/mapping.ts'
import { migrateDatabase } from '../apps/escrow/src/platform/migrate.ts'
import { acquirePostgres } from '../apps/escrow/src/platform/postgres-server.ts'
import { defineLandbridge } from '../packages/landbridge/src/config.ts'
import { uuidFromObjectId } from '../packages/landbridge/src/identity/object-id-uuid.ts'
import { install } from '../packages/landbridge/src/install.ts'
import { type OpenEngine, openEngine } from '../packages/landbridge/src/open-engine.ts'
import type { Phase } from '../packages/landbridge/src/phase.ts'
import { startStandInProcess } from './stand-in-process.ts'

/** Both stores with the application's tables and the chat unit on its way. */
export interface ChatWorld extends AsyncDisposable {
  engine: OpenEngine
  setPhase(phase: Phase): Promise<void>
  /** A chat of two with that many messages, in Postgres. */
  newChat(messages: number): Promise<BenchChat>
}

export interface BenchChat {
  _id: ObjectId
  id: string
  sender: ObjectId
}

/** `DATABASE_URL` or an embedded Postgres, in a database of its own; `MONGO_URL` or the stand-in. */
export async function chatWorld(): Promise<ChatWorld> {
  const server = await acquirePostgres({ name: `bench-${process.pid}`, fresh: true, throwaway: true })
  const mongo = process.env.MONGO_URL === undefined ? await startStandInProcess([]) : undefined
  const name = `bench_chat_${process.pid}`
  await onServer(server.url, `create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  const engine = await openEngine({
    config: defineLandbridge({
      build: 'bench',
      units: [{ name: 'chat', kind: 'content', mappings: [chats] }],
    }),
    postgresUrl: url.toString(),
    mongoUrl: process.env.MONGO_URL ?? mongo?.url ?? '',
    databaseName: name,
    nodeName: 'bench',
    log: pino({ level: 'silent' }),
  })
  await migrateDatabase(engine.pool)
  await install(engine)
  await engine.database.createCollection(chats.collection)
  return {
    engine,
    setPhase: async (phase) => {
      await engine.pool.query(
        "update landbridge.unit set phase = $1, epoch = epoch + 1 where name = 'chat'",
        [phase],
      )
    },
    newChat: (messages) => newChat(engine, messages),
    [Symbol.asyncDispose]: async () => {
      await engine.database.dropDatabase()
      await engine.close()
      await onServer(server.url, `drop database ${name} with (force)`)
      await mongo?.stop()
      await server.stop()
    },
  }
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

async function newChat({ pool }: OpenEngine, messages: number): Promise<BenchChat> {
  const [_id, sender, reader] = [new ObjectId(), new ObjectId(), new ObjectId()]
  const id = uuidFromObjectId(String(_id))
  const users = [sender, reader].map((user) => uuidFromObjectId(String(user)))
  await pool.query(
    `insert into users (id, legacy_object_id, email, first_name, last_name)
     select id, hex, hex || '@example.com', 'A', 'B' from unnest($1::uuid[], $2::text[]) people (id, hex)`,
    [users, [String(sender), String(reader)]],
  )
  await pool.query(
    `insert into chats (id, legacy_object_id, type, direct_key, is_archived, created_at, updated_at)
     values ($1, $2, 'direct', $2, false, now(), now())`,
    [id, String(_id)],
  )
  await pool.query(
    `insert into chat_participants (chat_id, ordinal, user_id, role, is_active, joined_at, last_read_seq)
     select $1, n - 1, user_id, 'member', true, now(), 0
     from unnest($2::uuid[]) with ordinality people (user_id, n)`,
    [id, users],
  )
  const ids = Array.from({ length: messages }, () => uuidFromObjectId(String(new ObjectId())))
  await pool.query(
    `insert into chat_messages (chat_id, id, seq, sender_id, content, type, sent_at, is_edited, is_deleted)
     select $1, id, n, $3, 'message ' || n || repeat('.', 80), 'text', now(), false, false
     from unnest($2::uuid[]) with ordinality messages (id, n)`,
    [id, ids, users[0]],
  )
  return { _id, id, sender }
}
