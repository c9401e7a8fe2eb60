import { z } from 'zod'
import { type EntityId, publicId } from '../../../platform/ids.ts'
import type { UserSummary } from '../../user/index.ts'
import type { RequestTemplate } from './model.ts'

const text = z.string().nullable()
const time = z.iso.datetime().nullable()

/** A template as sellers and buyers see it. Money is text, always. */
export const templateView = z.object({
  id: z.string(),
  sellerId: text,
  title: text,
  description: text,
  categoryId: text,
  productType: text,
  productLink: text,
  size: text,
  color: text,
  brand: text,
  quantity: z.number(),
  budget: z.object({ min: text, max: text, currency: text }),
  urgency: text,
  deliveryInfo: z.object({ deliveryType: text, notes: text, email: text }),
  shareableLink: text,
  proposal: text,
  isActive: z.boolean(),
  usageCount: z.number(),
  maxUsage: z.number().nullable(),
  expiresAt: time,
  paymentConfig: z.object({
    useShopDefault: z.boolean(),
    allowedChains: z.array(z.number()),
    allowedTokens: z.array(z.string()),
  }),
  specifications: z.array(z.object({ key: text, value: text, label: text })),
  tags: z.array(z.string()),
  images: z.array(z.string()),
  attachments: z.array(z.string()),
  createdAt: time,
  updatedAt: time,
})

export function templateViewOf(template: RequestTemplate): z.output<typeof templateView> {
  const { id, sellerId, categoryId, delivery, useShopDefault, allowedChains, allowedTokens, ...fields } =
    template
  return {
    ...fields,
    id: publicId(id),
    sellerId: idOf(sellerId),
    categoryId: idOf(categoryId),
    quantity: template.quantity ?? 1,
    deliveryInfo: { deliveryType: delivery.type ?? 'physical', notes: delivery.notes, email: delivery.email },
    isActive: template.isActive ?? true,
    usageCount: template.usageCount ?? 0,
    paymentConfig: { useShopDefault: useShopDefault ?? true, allowedChains, allowedTokens },
    expiresAt: timeOf(template.expiresAt),
    createdAt: timeOf(template.createdAt),
    updatedAt: timeOf(template.updatedAt),
  }
}

/** A seller in the public list. */
export const templateSellerView = z.object({
  sellerId: z.string(),
  firstName: text,
  lastName: text,
  avatar: text,
  templates: z.number(),
})

export function templateSellerViewOf(
  sellerId: EntityId,
  templates: number,
  seller: UserSummary | undefined,
): z.output<typeof templateSellerView> {
  return {
    sellerId: publicId(sellerId),
    firstName: seller?.firstName ?? null,
    lastName: seller?.lastName ?? null,
    avatar: seller?.avatar ?? null,
    templates,
  }
}

function idOf(id: EntityId | null): string | null {
  return id === null ? null : publicId(id)
}

function timeOf(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}
