import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'
import { chatTypes, messageTypes, participantRoles, relatedTypes } from '../vocabulary.ts'

/** A document as it lies in the collection: old ones may lack, or misspell, anything but `_id`. */
export interface ChatDocument {
  _id: Types.ObjectId
  [path: string]: unknown
}

const { ObjectId, Mixed } = Schema.Types

const element = { _id: false } as const

const participant = new Schema(
  {
    userId: { type: ObjectId, ref: 'User', required: true, index: true },
    role: { type: String, enum: participantRoles, default: 'member' },
    joinedAt: { type: Date, default: Date.now },
    leftAt: Date,
    lastSeen: Date,
    isActive: { type: Boolean, default: true },
    /** Ours: the place of the last message that was read, from 1 on. */
    lastReadSeq: Number,
  },
  element,
)

const attachment = new Schema({ url: String, name: String, mime: String, size: Number }, element)
const reaction = new Schema({ emoji: String, users: [{ type: ObjectId, ref: 'User' }] }, element)
const receipt = new Schema({ userId: { type: ObjectId, ref: 'User' }, at: Date }, element)
const edit = new Schema({ content: String, at: Date }, element)

const message = new Schema({
  senderId: { type: ObjectId, ref: 'User' },
  content: String,
  type: { type: String, enum: messageTypes, default: 'text' },
  timestamp: { type: Date, default: Date.now, index: true },
  attachments: [attachment],
  reactions: [reaction],
  readBy: [receipt],
  replyTo: ObjectId,
  isEdited: { type: Boolean, default: false },
  editedAt: Date,
  editHistory: [edit],
  isDeleted: { type: Boolean, default: false },
  deletedAt: Date,
})

/** The legacy schema, with the fields that this backend added. */
export const chatSchema = new Schema(
  {
    type: { type: String, enum: chatTypes, required: true, default: 'direct', index: true },
    name: { type: String, maxlength: 100 },
    description: { type: String, maxlength: 500 },
    participants: [participant],
    messages: [message],
    lastMessage: { content: String, senderId: { type: ObjectId, ref: 'User' }, timestamp: Date },
    unreadCounts: { type: Map, of: Number, default: {} },
    relatedTo: { type: { type: String, enum: relatedTypes }, id: Mixed },
    settings: { isArchived: { type: Boolean, default: false } },
    metadata: Mixed,
    /** Ours: names a chat that may exist only once. */
    directKey: String,
  },
  { timestamps: true },
)
chatSchema.index({ 'relatedTo.type': 1, 'relatedTo.id': 1 })
chatSchema.index(
  { directKey: 1 },
  { unique: true, partialFilterExpression: { directKey: { $type: 'string' } }, name: 'chats_direct_key' },
)

export function chatModel(connection: Connection): Model<ChatDocument> {
  return legacyModel(connection, 'Chat', chatSchema as unknown as Schema<ChatDocument>, 'chats')
}
