import { z } from 'zod'
import { amountSchema, isPositive } from '../../../platform/money.ts'
import { deliveryTimeUnits, offerCurrencies } from './vocabulary.ts'

/** What a seller sends to make an offer. */
export const newOfferSchema = z
  .object({
    title: z.string().trim().min(1).max(200),
    description: z.string().trim().min(1).max(1000),
    price: z.object({
      amount: amountSchema.refine(isPositive, { message: 'A price is above zero.' }),
      currency: z.enum(offerCurrencies).default('USDT'),
    }),
    deliveryTime: z.object({
      amount: z.number().int().min(1).max(10_000),
      unit: z.enum(deliveryTimeUnits),
    }),
    attachments: z.array(z.string().min(1).max(2000)).max(20).default([]),
    notes: z.string().max(2000).nullable().default(null),
    validUntil: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .nullable()
      .default(null),
    requireAmlCheck: z.boolean().default(false),
    amlBlockOnFailure: z.boolean().default(false),
  })
  .refine((offer) => offer.requireAmlCheck || !offer.amlBlockOnFailure, {
    message: 'An offer blocks on a failed check only if it asks for the check.',
    path: ['amlBlockOnFailure'],
  })
export type NewOfferInput = z.output<typeof newOfferSchema>
