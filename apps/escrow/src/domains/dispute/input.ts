import { z } from 'zod'
import { pageSchema } from '../../platform/answer.ts'
import { idSchema } from '../../platform/ids.ts'
import { amountSchema, isPositive } from '../../platform/money.ts'
import {
  type DisputeCategory,
  disputeCategories,
  disputePriorities,
  evidenceTypes,
  resolutionActions,
} from './vocabulary.ts'

const link = z.string().trim().min(1).max(2000)

export const evidenceSchema = z.object({
  type: z.enum(evidenceTypes).default('image'),
  url: link,
  description: z.string().trim().max(500).nullable().default(null),
})
export type EvidenceInput = z.output<typeof evidenceSchema>

/** What a party sends to open a dispute. Clients of the past send links alone as evidence, and no category. */
export const newDisputeSchema = z.object({
  purchaseRequestId: idSchema,
  paymentId: idSchema.nullable().default(null),
  reason: z.string().trim().min(1).max(200),
  description: z.string().trim().min(1).max(2000),
  category: z.enum(disputeCategories).optional(),
  priority: z.enum(disputePriorities).default('medium'),
  evidence: z
    .array(z.union([link.transform((url) => evidenceSchema.parse({ url })), evidenceSchema]))
    .max(20)
    .default([]),
})
export type NewDisputeInput = z.output<typeof newDisputeSchema>

/** The words that the form of the past sends as reasons. */
const categoryOfReason: Record<string, DisputeCategory> = {
  not_delivered: 'delivery_delay',
  wrong_item: 'wrong_item',
  damaged: 'product_quality',
  quality: 'product_quality',
}

export function categoryOf({ category, reason }: NewDisputeInput): DisputeCategory {
  return category ?? categoryOfReason[reason] ?? 'other'
}

export const disputeListSchema = pageSchema.extend({
  status: z.string().max(50).optional(),
  priority: z.string().max(50).optional(),
  category: z.string().max(50).optional(),
  purchaseRequestId: idSchema.optional(),
})
export type DisputeListQuery = z.output<typeof disputeListSchema>

/** Without an id the caller takes it. */
export const assignSchema = z.object({ adminId: idSchema.optional() }).default({})

export const statusSchema = z.object({
  status: z.enum(['in_progress', 'waiting_response', 'rejected', 'closed']),
  note: z.string().trim().max(500).nullable().default(null),
})
export type StatusInput = z.output<typeof statusSchema>

export const resolveSchema = z
  .object({
    action: z.enum(resolutionActions),
    amount: amountSchema.refine(isPositive, { message: 'An amount is above zero.' }).nullable().default(null),
    currency: z.string().trim().min(1).max(20).nullable().default(null),
    notes: z.string().trim().max(2000).nullable().default(null),
  })
  .refine(({ action, amount }) => action !== 'compensation' || amount !== null, {
    message: 'Say how much the compensation is.',
    path: ['amount'],
  })
  .refine(({ action, amount }) => amount === null || action === 'refund' || action === 'compensation', {
    message: 'Only refunds and compensations have an amount.',
    path: ['amount'],
  })
export type ResolveInput = z.output<typeof resolveSchema>

export const messageSchema = z.object({ content: z.string().trim().min(1).max(2000) })
