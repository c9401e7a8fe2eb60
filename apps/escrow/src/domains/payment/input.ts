import { z } from 'zod'
import { pageSchema } from '../../platform/answer.ts'
import { idSchema } from '../../platform/ids.ts'
import { amountSchema, isPositive } from '../../platform/money.ts'

/** What a buyer sends to pay for an offer. */
export const newIntentSchema = z.object({
  purchaseRequestId: idSchema,
  sellerOfferId: idSchema,
  chainId: z.number().int().positive().default(56),
  /** The token to pay with; the offer's own currency where that is a token. */
  token: z.string().max(10).optional(),
})
export type NewIntentInput = z.output<typeof newIntentSchema>

/** What the scanner says of a transfer. Amounts are base units of the token. */
export const scannerWebhookSchema = z.object({
  intentId: idSchema,
  paymentReference: z.string().max(200).optional(),
  txHash: z.string().min(1).max(200),
  /** Not every scanner sends it; a transaction with one transfer needs none. */
  logIndex: z.number().int().min(0).default(0),
  blockNumber: z.number().int().min(0),
  confirmations: z.number().int().min(0),
  amount: z.string().regex(/^\d{1,78}$/, 'Send the amount in base units, as digits.'),
  token: z.string().min(1).max(100),
  chainId: z.number().int().positive(),
  status: z.literal('confirmed'),
})
export type ScannerWebhook = z.output<typeof scannerWebhookSchema>

export const paymentListSchema = pageSchema.extend({
  status: z.string().max(50).optional(),
  provider: z.string().max(50).optional(),
  direction: z.string().max(50).optional(),
  /** An entity's id, `template-checkout-*`, or an outside reference. */
  purchaseRequestId: z.string().min(1).max(200).optional(),
})
export type PaymentListQuery = z.output<typeof paymentListSchema>

/** A release or refund; without an amount, of all that is available. */
export const payoutSchema = z
  .object({
    amount: amountSchema.refine(isPositive, { message: 'An amount is above zero.' }).optional(),
    reason: z.string().trim().max(500).optional(),
  })
  .default({})
export type PayoutInput = z.output<typeof payoutSchema>

/** What became of a release or refund outside: its transaction, or that it failed. */
export const payoutOutcomeSchema = z.union([
  z.object({ transactionHash: z.string().trim().min(1).max(200) }),
  z.object({ failed: z.literal(true), reason: z.string().trim().min(1).max(500) }),
])
export type PayoutOutcome = z.output<typeof payoutOutcomeSchema>
