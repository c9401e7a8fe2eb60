import { z } from 'zod'
import { publicId } from '../../../platform/ids.ts'
import type { SellerOffer } from './model.ts'

const text = z.string().nullable()
const time = z.iso.datetime().nullable()

export const offerView = z.object({
  id: z.string(),
  sellerId: text,
  purchaseRequestId: text,
  title: text,
  description: text,
  price: z.object({ amount: text, currency: text }),
  deliveryTime: z.object({ amount: z.number().nullable(), unit: text }),
  status: text,
  attachments: z.array(z.string()),
  notes: text,
  validUntil: time,
  requireAmlCheck: z.boolean(),
  amlBlockOnFailure: z.boolean(),
  createdAt: time,
  updatedAt: time,
})

export function offerViewOf(offer: SellerOffer): z.output<typeof offerView> {
  return {
    id: publicId(offer.id),
    sellerId: offer.sellerId === null ? null : publicId(offer.sellerId),
    purchaseRequestId: offer.purchaseRequestId === null ? null : publicId(offer.purchaseRequestId),
    title: offer.title,
    description: offer.description,
    price: offer.price,
    deliveryTime: offer.deliveryTime,
    status: offer.status,
    attachments: offer.attachments,
    notes: offer.notes,
    validUntil: offer.validUntil?.toISOString() ?? null,
    requireAmlCheck: offer.requireAmlCheck ?? false,
    amlBlockOnFailure: offer.amlBlockOnFailure ?? false,
    createdAt: offer.createdAt?.toISOString() ?? null,
    updatedAt: offer.updatedAt?.toISOString() ?? null,
  }
}
