import { z } from 'zod'
import { pageSchema } from '../../../platform/answer.ts'
import { deliveryTypes, newRequestSchema } from '../request/index.ts'
import type { TemplateContent } from './model.ts'

const shortList = z.array(z.string().trim().min(1).max(2000)).max(10).default([])

/** A seller who does not take the shop's way of being paid names both chains and tokens. */
const paymentConfig = z
  .object({
    useShopDefault: z.boolean().default(false),
    allowedChains: z.array(z.number().int().min(1).max(2_147_483_647)).max(20).default([]),
    allowedTokens: z.array(z.string().trim().min(1).max(20)).max(20).default([]),
  })
  .refine(
    ({ useShopDefault, allowedChains, allowedTokens }) =>
      useShopDefault || (allowedChains.length > 0 && allowedTokens.length > 0),
    { message: 'Name at least one chain and one token, or take the default of the shop.' },
  )

/** What a seller sends to make a template, or to say all of it anew. */
export const templateSchema = newRequestSchema
  .pick({
    title: true,
    description: true,
    categoryId: true,
    productType: true,
    productLink: true,
    size: true,
    color: true,
    brand: true,
    quantity: true,
    budget: true,
    urgency: true,
    specifications: true,
    tags: true,
  })
  .extend({
    deliveryInfo: z
      .object({
        deliveryType: z.enum(deliveryTypes).default('physical'),
        notes: z.string().trim().max(1000).nullable().default(null),
        // Clients of the past send an empty text where there is none.
        email: z
          .union([z.email(), z.literal('').transform(() => null)])
          .nullable()
          .default(null),
      })
      .default({ deliveryType: 'physical', notes: null, email: null }),
    proposal: z.string().trim().min(1).max(1000).nullable().default(null),
    isActive: z.boolean().default(true),
    maxUsage: z.number().int().min(0).max(2_147_483_647).nullable().default(null),
    expiresAt: z.coerce.date().nullable().default(null),
    paymentConfig: paymentConfig.default({ useShopDefault: true, allowedChains: [], allowedTokens: [] }),
    images: shortList,
    attachments: shortList,
  })
export type TemplateInput = z.output<typeof templateSchema>

export function contentOf({ deliveryInfo, paymentConfig, ...fields }: TemplateInput): TemplateContent {
  return {
    ...fields,
    ...paymentConfig,
    deliveryType: deliveryInfo.deliveryType,
    deliveryNotes: deliveryInfo.notes,
    deliveryEmail: deliveryInfo.email,
  }
}

/** What a seller changes without saying all of it anew. */
export const templateSwitchSchema = z
  .object({
    isActive: z.boolean().optional(),
    maxUsage: z.number().int().min(0).max(2_147_483_647).nullable().optional(),
    expiresAt: z.iso
      .datetime()
      .transform((text) => new Date(text))
      .nullable()
      .optional(),
  })
  .refine((change) => Object.keys(change).length > 0, { message: 'Say what changes.' })
export type TemplateSwitch = z.output<typeof templateSwitchSchema>

export const templateListSchema = pageSchema

/** Where a buyer wants it; how it is delivered is the seller's to say. */
export const checkoutSchema = z
  .object({
    address: newRequestSchema.shape.deliveryInfo.unwrap().shape.address,
    email: z.email().nullable().default(null),
  })
  .default({ address: null, email: null })
export type CheckoutInput = z.output<typeof checkoutSchema>
