import { z } from 'zod'
import { pageSchema } from '../../platform/answer.ts'
import { idSchema } from '../../platform/ids.ts'
import { chatTypes } from './vocabulary.ts'

/** Longest message, in characters. */
const contentLimit = 5000

export const newChatSchema = z.object({
  participantIds: z.array(idSchema).max(100),
  type: z.enum(['direct', 'group']).optional(),
  title: z.string().trim().min(1).max(100).optional(),
  metadata: z.record(z.string().max(100), z.unknown()).optional(),
})
export type NewChatInput = z.output<typeof newChatSchema>

export const requestChatSchema = z.object({ purchaseRequestId: idSchema, sellerId: idSchema })
export type RequestChatInput = z.output<typeof requestChatSchema>

export const chatListSchema = pageSchema.extend({
  type: z.enum(chatTypes).optional(),
  archived: z.stringbool().optional(),
})
export type ChatListInput = z.output<typeof chatListSchema>

export const messageWindowSchema = z
  .object({
    limit: z.coerce.number().int().min(1).max(100).default(50),
    before: idSchema.optional(),
    after: idSchema.optional(),
  })
  .refine(({ before, after }) => before === undefined || after === undefined, {
    message: 'Ask for what is before one message or after one, not both.',
    path: ['after'],
  })

const attachmentSchema = z.object({
  url: z.string().min(1).max(2000),
  name: z.string().max(255).nullable().default(null),
  mime: z.string().max(127).nullable().default(null),
  size: z.number().int().min(0).max(2_147_483_647).nullable().default(null),
})

export const newMessageSchema = z
  .object({
    content: z.string().trim().max(contentLimit).default(''),
    type: z.enum(['text', 'image', 'file']).default('text'),
    attachments: z.array(attachmentSchema).max(10).default([]),
    replyTo: idSchema.nullable().default(null),
  })
  .refine(({ content, attachments }) => content !== '' || attachments.length > 0, {
    message: 'A message needs words or an attachment.',
    path: ['content'],
  })
export type NewMessageInput = z.output<typeof newMessageSchema>

export const editSchema = z.object({ content: z.string().trim().min(1).max(contentLimit) })
export const readSchema = z.object({ upTo: idSchema.optional() }).nullish()
export const reactionSchema = z.object({ emoji: z.string().trim().min(1).max(32) })
export const participantsSchema = z.object({ userIds: z.array(idSchema).min(1).max(50) })
