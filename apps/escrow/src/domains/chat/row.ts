import { readReference } from '../../platform/columns.ts'
import { keptText } from '../../platform/extra.ts'
import type { Chat, Message, Participant } from './model.ts'
import type {
  chatMessageAttachments,
  chatMessageEdits,
  chatMessageReactions,
  chatMessageReads,
  chatMessages,
  chatParticipants,
  chats,
} from './schema.ts'

/** The chat that its row and those of its participants tell; old words are shown from what a row keeps. */
export function chatOf(
  row: typeof chats.$inferSelect,
  participants: (typeof chatParticipants.$inferSelect)[],
): Chat {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    id: row.id,
    type: shown(row.type, 'type'),
    name: shown(row.name, 'name'),
    description: shown(row.description, 'description'),
    directKey: shown(row.directKey, 'directKey'),
    relatedType: shown(row.relatedType, 'relatedTo.type'),
    related: readReference(row.relatedRefKind, row.relatedId, row.relatedExternalRef),
    isArchived: row.isArchived,
    metadata: row.metadata ?? null,
    participants: participants.map(participantOf),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

function participantOf(row: typeof chatParticipants.$inferSelect): Participant {
  return {
    userId: row.userId,
    role: row.role ?? keptText(row.extra, 'role'),
    joinedAt: row.joinedAt,
    leftAt: row.leftAt,
    lastSeen: row.lastSeen,
    isActive: row.isActive,
    lastReadSeq: row.lastReadSeq === null ? null : Number(row.lastReadSeq),
  }
}

export interface MessageElements {
  attachments: (typeof chatMessageAttachments.$inferSelect)[]
  reactions: (typeof chatMessageReactions.$inferSelect)[]
  reads: (typeof chatMessageReads.$inferSelect)[]
  edits: (typeof chatMessageEdits.$inferSelect)[]
}

/** The message that its row and what hangs on it tell. */
export function messageOf(row: typeof chatMessages.$inferSelect, elements: MessageElements): Message {
  const { extra } = row
  return {
    id: row.id,
    senderId: row.senderId,
    content: row.content ?? keptText(extra, 'content'),
    type: row.type ?? keptText(extra, 'type'),
    timestamp: row.timestamp,
    replyTo: row.replyTo,
    isEdited: row.isEdited,
    editedAt: row.editedAt,
    isDeleted: row.isDeleted,
    deletedAt: row.deletedAt,
    attachments: elements.attachments.map(({ extra, ...row }) => ({
      url: row.url ?? keptText(extra, 'url'),
      name: row.name ?? keptText(extra, 'name'),
      mime: row.mime ?? keptText(extra, 'mime'),
      size: row.size,
    })),
    reactions: elements.reactions.map(({ extra, ...row }) => ({
      emoji: row.emoji ?? keptText(extra, 'emoji'),
      users: (row.users ?? []).filter((user) => user !== null),
    })),
    readBy: elements.reads.map(({ userId, at }) => ({ userId, at })),
    editHistory: elements.edits.map(({ extra, ...row }) => ({
      content: row.content ?? keptText(extra, 'content'),
      at: row.at,
    })),
  }
}
