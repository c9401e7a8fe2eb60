import { chatOf as chatOfDocument, messageOf as messageOfElement } from '../domains/chat/legacy/documents.ts'
import { chats as chatMapping } from '../domains/chat/legacy/mapping.ts'
import type { ChatDocument } from '../domains/chat/legacy/model.mongo.ts'
import { chatOf, messageOf } from '../domains/chat/row.ts'
import * as tables from '../domains/chat/schema.ts'
import { lenientDocuments } from './lenient.ts'
import { readsAlike } from './testing/reads-alike.ts'
import { selected } from './testing/rows-as-read.ts'

readsAlike(
  chatMapping,
  (document: ChatDocument) => ({
    chat: chatOfDocument(document),
    messages: lenientDocuments(document.messages).map(messageOfElement),
  }),
  (rows) => {
    const [row] = selected(rows, tables.chats)
    const of = <Row extends { messageId: unknown }>(all: Row[], id: unknown) =>
      all.filter(({ messageId }) => messageId === id)
    const [attachments, reactions, reads, edits] = [
      selected(rows, tables.chatMessageAttachments),
      selected(rows, tables.chatMessageReactions),
      selected(rows, tables.chatMessageReads),
      selected(rows, tables.chatMessageEdits),
    ]
    return (
      row && {
        chat: chatOf(row, selected(rows, tables.chatParticipants)),
        messages: selected(rows, tables.chatMessages).map((message) =>
          messageOf(message, {
            attachments: of(attachments, message.id),
            reactions: of(reactions, message.id),
            reads: of(reads, message.id),
            edits: of(edits, message.id),
          }),
        ),
      }
    )
  },
)
