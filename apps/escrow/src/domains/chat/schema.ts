import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import {
  type Extra,
  entityColumns,
  entityId,
  enumCheck,
  instant,
  jsonValue,
  referenceCheck,
  referenceColumns,
} from '../../platform/columns.ts'
import type { EntityId } from '../../platform/ids.ts'
import { chatTypes, messageTypes, participantRoles, relatedTypes } from './vocabulary.ts'

/** Chats without their messages: what a list or the head of a window needs. */
export const chats = pgTable(
  'chats',
  {
    ...entityColumns(),
    type: text('type', { enum: chatTypes }),
    name: text('name'),
    description: text('description'),
    /** Names a chat that may exist only once: see `direct-key.ts`. Old chats have none. */
    directKey: text('direct_key'),
    relatedType: text('related_type', { enum: relatedTypes }),
    ...referenceColumns('related'),
    isArchived: boolean('is_archived'),
    settings: jsonValue('settings'),
    metadata: jsonValue('metadata'),
  },
  (table) => [
    uniqueIndex('chats_direct_key').on(table.directKey),
    index('chats_type_idx').on(table.type),
    index('chats_related_idx').on(table.relatedType, table.relatedId),
    enumCheck('chats', 'type', table.type, chatTypes),
    enumCheck('chats', 'related_type', table.relatedType, relatedTypes),
    referenceCheck('chats', 'related', table),
  ],
)

const chatId = () =>
  entityId('chat_id')
    .notNull()
    .references(() => chats.id)

const extra = () => jsonb('extra').$type<Extra>()

/** `last_read_seq` is the place of the last message that somebody has read; old participants have none. */
export const chatParticipants = pgTable(
  'chat_participants',
  {
    chatId: chatId(),
    ordinal: integer('ordinal').notNull(),
    userId: entityId('user_id'),
    role: text('role', { enum: participantRoles }),
    joinedAt: instant('joined_at'),
    leftAt: instant('left_at'),
    lastSeen: instant('last_seen'),
    isActive: boolean('is_active'),
    lastReadSeq: bigint('last_read_seq', { mode: 'number' }),
    extra: extra(),
  },
  (table) => [
    primaryKey({ name: 'chat_participants_pkey', columns: [table.chatId, table.ordinal] }),
    index('chat_participants_user_idx').on(table.userId, table.chatId),
    enumCheck('chat_participants', 'role', table.role, participantRoles),
  ],
)

/** `seq` is the place in the chat, from 1 on, without holes: it is given under the chat's row lock. */
export const chatMessages = pgTable(
  'chat_messages',
  {
    chatId: chatId(),
    id: entityId('id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    senderId: entityId('sender_id'),
    content: text('content'),
    type: text('type', { enum: messageTypes }),
    timestamp: instant('sent_at'),
    replyTo: entityId('reply_to'),
    isEdited: boolean('is_edited'),
    editedAt: instant('edited_at'),
    isDeleted: boolean('is_deleted'),
    deletedAt: instant('deleted_at'),
    extra: extra(),
  },
  (table) => [
    primaryKey({ name: 'chat_messages_pkey', columns: [table.chatId, table.id] }),
    unique('chat_messages_seq_key').on(table.chatId, table.seq),
    index('chat_messages_sent_at_idx').on(table.timestamp),
    enumCheck('chat_messages', 'type', table.type, messageTypes),
    check('chat_messages_seq_check', sql`${table.seq} > 0`),
  ],
)

/** Place and kept values of what hangs on a message. */
const elementColumns = () => ({
  chatId: entityId('chat_id').notNull(),
  messageId: entityId('message_id').notNull(),
  ordinal: integer('ordinal').notNull(),
  extra: extra(),
})

const elementKeys = (
  name: string,
  table: { chatId: AnyPgColumn; messageId: AnyPgColumn; ordinal: AnyPgColumn },
) => [
  primaryKey({ name: `${name}_pkey`, columns: [table.chatId, table.messageId, table.ordinal] }),
  foreignKey({
    name: `${name}_message_fk`,
    columns: [table.chatId, table.messageId],
    foreignColumns: [chatMessages.chatId, chatMessages.id],
  }),
]

export const chatMessageAttachments = pgTable(
  'chat_message_attachments',
  {
    ...elementColumns(),
    url: text('url'),
    name: text('name'),
    mime: text('mime'),
    size: integer('size'),
  },
  (table) => elementKeys('chat_message_attachments', table),
)

export const chatMessageReactions = pgTable(
  'chat_message_reactions',
  { ...elementColumns(), emoji: text('emoji'), users: uuid('user_ids').array().$type<(EntityId | null)[]>() },
  (table) => elementKeys('chat_message_reactions', table),
)

export const chatMessageReads = pgTable(
  'chat_message_reads',
  { ...elementColumns(), userId: entityId('user_id'), at: instant('read_at') },
  (table) => elementKeys('chat_message_reads', table),
)

/** What a message said before it was edited. */
export const chatMessageEdits = pgTable(
  'chat_message_edits',
  { ...elementColumns(), content: text('content'), at: instant('edited_at') },
  (table) => elementKeys('chat_message_edits', table),
)
