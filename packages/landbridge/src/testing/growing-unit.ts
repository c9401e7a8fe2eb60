import {
  bigint,
  foreignKey,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { Int32 } from 'mongodb'
import type { UnitConfig } from '../config.ts'
import { defineMapping } from '../mapping/define-mapping.ts'
import { rows } from '../mapping/definition.ts'
import type { Document } from '../mapping/types.ts'

/*
 * A unit with a growing child: `threads` with members (a plain child), and messages that are mirrored by what changed,
 * each with files inside. Two paths are derived from the messages.
 */

const threadsTable = pgTable('threads', {
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').notNull(),
  title: text('title').unique('threads_title_key'),
  extra: jsonb('extra'),
})

const membersTable = pgTable(
  'thread_members',
  {
    threadId: uuid('thread_id')
      .notNull()
      .references(() => threadsTable.id),
    ordinal: integer('ordinal').notNull(),
    name: text('name'),
    extra: jsonb('extra'),
  },
  (table) => [primaryKey({ columns: [table.threadId, table.ordinal] })],
)

const messagesTable = pgTable(
  'thread_messages',
  {
    threadId: uuid('thread_id')
      .notNull()
      .references(() => threadsTable.id),
    id: uuid('id').notNull(),
    seq: bigint('seq', { mode: 'bigint' }).notNull(),
    body: text('body'),
    sentAt: timestamp('sent_at', { withTimezone: true, precision: 3 }),
    origin: text('origin').notNull().default('postgres'),
    extra: jsonb('extra'),
  },
  (table) => [
    primaryKey({ columns: [table.threadId, table.id] }),
    unique('thread_messages_seq_key').on(table.threadId, table.seq),
  ],
)

const filesTable = pgTable(
  'thread_message_files',
  {
    threadId: uuid('thread_id').notNull(),
    messageId: uuid('message_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    url: text('url'),
    extra: jsonb('extra'),
  },
  (table) => [
    primaryKey({ columns: [table.threadId, table.messageId, table.ordinal] }),
    foreignKey({
      columns: [table.threadId, table.messageId],
      foreignColumns: [messagesTable.threadId, messagesTable.id],
    }),
  ],
)

/** What an application's migrations would have created. */
export const growingTables = `
  create table threads (
    id uuid primary key,
    legacy_object_id text not null unique,
    title text constraint threads_title_key unique,
    extra jsonb
  );
  create table thread_members (
    thread_id uuid not null references threads (id) on delete cascade,
    ordinal int not null,
    name text,
    extra jsonb,
    primary key (thread_id, ordinal)
  );
  create table thread_messages (
    thread_id uuid not null references threads (id) on delete cascade,
    id uuid not null,
    seq bigint not null check (seq > 0),
    body text,
    sent_at timestamptz(3),
    origin text not null default 'postgres',
    extra jsonb,
    primary key (thread_id, id),
    constraint thread_messages_seq_key unique (thread_id, seq)
  );
  create table thread_message_files (
    thread_id uuid not null,
    message_id uuid not null,
    ordinal int not null,
    url text,
    extra jsonb,
    primary key (thread_id, message_id, ordinal),
    foreign key (thread_id, message_id) references thread_messages (thread_id, id) on delete cascade on update cascade
  );
`

export const threadsMapping = defineMapping({
  unit: 'talk',
  collection: 'threads',
  table: threadsTable,
  children: {
    members: rows(membersTable),
    messages: rows(messagesTable, {
      growing: { seq: messagesTable.seq },
      children: {
        files: rows(filesTable, {
          parent: filesTable.threadId,
          within: [filesTable.messageId],
        }),
      },
      dropped: { draft: 'dies with MongoDB' },
      ignoreColumns: { origin: 'only Postgres knows it' },
    }),
  },
  derived: {
    'last.body': {
      compute: (thread) => messagesOf(thread).at(-1)?.body,
      async fromRows(query, thread) {
        const [last] = await query(
          `select body from thread_messages where thread_id = $1 order by seq desc, id desc limit 1`,
          [thread],
        )
        return last?.body ?? undefined
      },
    },
    // From rows of the shell itself, unlike the others.
    memberCount: {
      compute: ({ members }) =>
        Array.isArray(members) && members.length > 0 ? new Int32(members.length) : undefined,
      async fromRows(query, thread) {
        const [counted] = await query('select count(*)::int as n from thread_members where thread_id = $1', [
          thread,
        ])
        return Number(counted?.n) === 0 ? undefined : new Int32(Number(counted?.n))
      },
    },
    count: {
      compute: (thread) => new Int32(messagesOf(thread).length),
      async fromRows(query, thread) {
        const [counted] = await query('select count(*)::int as n from thread_messages where thread_id = $1', [
          thread,
        ])
        return new Int32(Number(counted?.n))
      },
    },
  },
  dropped: { secret: 'dies with MongoDB' },
  uniques: { threads_title_key: { paths: ['title'], outcome: 'extra' } },
})

export const growingUnit: UnitConfig = { name: 'talk', kind: 'content', mappings: [threadsMapping] }

function messagesOf(thread: Document): { body?: unknown }[] {
  return Array.isArray(thread.messages) ? thread.messages : []
}
