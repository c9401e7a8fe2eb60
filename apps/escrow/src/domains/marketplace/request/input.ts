import { z } from 'zod'
import { pageSchema } from '../../../platform/answer.ts'
import { idSchema } from '../../../platform/ids.ts'
import { amountSchema, compareAmounts, zeroAmount } from '../../../platform/money.ts'
import { overridden } from './states.ts'
import { budgetCurrencies, deliveryTypes, productTypes, urgencies } from './vocabulary.ts'

const limit = amountSchema.refine((amount) => compareAmounts(amount, zeroAmount) >= 0, {
  message: 'A budget is not below zero.',
})
const shortText = z.string().trim().min(1).max(100).nullable().default(null)

const budget = z
  .object({
    min: limit.nullable().default(null),
    max: limit.nullable().default(null),
    currency: z.enum(budgetCurrencies).default('USDT'),
  })
  .refine(({ min, max }) => min === null || max === null || compareAmounts(min, max) <= 0, {
    message: 'The least of a budget is not above its most.',
    path: ['min'],
  })

/** What a buyer sends to make a request. */
export const newRequestSchema = z.object({
  title: z.string().trim().min(1).max(200),
  description: z.string().trim().min(1).max(2000),
  categoryId: idSchema,
  productType: z.enum(productTypes).default('physical_product'),
  productLink: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  size: shortText,
  color: shortText,
  brand: shortText,
  quantity: z.number().int().min(1).max(10_000).default(1),
  budget: budget.default({ min: null, max: null, currency: 'USDT' }),
  urgency: z.enum(urgencies).default('medium'),
  isPublic: z.boolean().default(true),
  preferredSellerIds: z.array(idSchema).max(100).default([]),
  specifications: z
    .array(
      z.object({
        key: z.string().min(1).max(100),
        value: z.string().min(1).max(500),
        label: z.string().max(100).nullable().default(null),
      }),
    )
    .max(100)
    .default([]),
  attachments: z
    .array(
      z.object({
        url: z.string().min(1).max(2000),
        name: z.string().max(300).nullable().default(null),
        mime: z.string().max(100).nullable().default(null),
        size: z.number().int().min(0).max(2_147_483_647).nullable().default(null),
      }),
    )
    .max(20)
    .default([]),
  tags: z.array(z.string().trim().min(1).max(50)).max(30).default([]),
  deliveryInfo: z
    .object({
      deliveryType: z.enum(deliveryTypes).default('physical'),
      address: z.record(z.string().max(50), z.string().max(500)).nullable().default(null),
      email: z.email().nullable().default(null),
    })
    .default({ deliveryType: 'physical', address: null, email: null }),
})
export type NewRequestInput = z.output<typeof newRequestSchema>

export const requestListSchema = pageSchema.extend({
  /** The seller's view: open requests that are public or name this seller. */
  sellerId: idSchema.optional(),
  status: z.string().max(50).optional(),
})
export type RequestListQuery = z.output<typeof requestListSchema>

export const cancelSchema = z.object({ reason: z.string().trim().max(500).optional() }).default({})

export const overrideSchema = z.object({
  status: z.enum(overridden),
  reason: z.string().trim().min(1).max(500),
})
export type Override = z.output<typeof overrideSchema>

export const shipSchema = z
  .object({
    carrier: z.string().trim().max(100).optional(),
    trackingNumber: z.string().trim().max(100).optional(),
    note: z.string().trim().max(500).optional(),
  })
  .default({})
export type Shipment = z.output<typeof shipSchema>

export const deliveryCodeSchema = z.object({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, 'The code has six digits.'),
})
