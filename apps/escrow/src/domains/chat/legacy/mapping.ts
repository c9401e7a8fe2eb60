import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { boolean, defineMapping, json, objectId, reference, rows, text } from 'landbridge/mapping'
import { purchaseRequests } from '../../marketplace/request/schema.ts'
import { users } from '../../user/schema.ts'
import {
  chatMessageAttachments,
  chatMessageEdits,
  chatMessageReactions,
  chatMessageReads,
  chatMessages,
  chatParticipants,
  chats as table,
} from '../schema.ts'
import { lastMessage, unreadCounts } from './derived.ts'

const toUser = { to: () => users, orphan: 'keep' } as const

/** How what hangs on a message names its chat and its message. */
const onMessage = (element: { chatId: AnyPgColumn; messageId: AnyPgColumn }) => ({
  parent: element.chatId,
  within: [element.messageId],
})

/** `chats` and its six tables. Messages are mirrored by what changed. */
export const chats = defineMapping({
  unit: 'chat',
  collection: 'chats',
  table,
  fields: {
    'relatedTo.type': text(table.relatedType),
    // What the id names depends on `relatedTo.type`, so there is no one table to look for orphans in.
    'relatedTo.id': {
      ...reference(table, 'related', { to: () => purchaseRequests, orphan: 'keep' }),
      reference: undefined,
    },
    'settings.isArchived': boolean(table.isArchived),
    settings: json(table.settings),
  },
  children: {
    // Who may see the chat hangs on these, so nothing of them is put aside.
    participants: rows(chatParticipants, {
      refused: 'quarantine',
      fields: { userId: objectId(chatParticipants.userId, toUser) },
    }),
    messages: rows(chatMessages, {
      growing: { seq: chatMessages.seq },
      // Messages without ids of their own cannot be told apart: such a chat waits, whole, until it is mended.
      refused: 'quarantine',
      fields: {
        senderId: objectId(chatMessages.senderId, toUser),
        // A reply may name a message that is gone: kept exactly, and no reference to check.
        replyTo: objectId(chatMessages.replyTo),
      },
      children: {
        attachments: rows(chatMessageAttachments, onMessage(chatMessageAttachments)),
        reactions: rows(chatMessageReactions, onMessage(chatMessageReactions)),
        readBy: rows(chatMessageReads, {
          ...onMessage(chatMessageReads),
          fields: { userId: objectId(chatMessageReads.userId) },
        }),
        editHistory: rows(chatMessageEdits, onMessage(chatMessageEdits)),
      },
    }),
  },
  derived: { lastMessage, unreadCounts },
  uniques: { chats_direct_key: { paths: ['directKey'], outcome: 'extra' } },
})
