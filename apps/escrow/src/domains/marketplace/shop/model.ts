import { z } from 'zod'
import type { EntityId } from '../../../platform/ids.ts'
import { type ShopToken, shopChains, shopTokens } from './vocabulary.ts'

/** How a seller's shop shows itself. Old ones may lack anything but the id; null is "not there". */
export interface ShopSettings {
  id: EntityId
  sellerId: EntityId | null
  name: string | null
  description: string | null
  avatar: string | null
  coverImage: string | null
  isPublic: boolean | null
  allowSellerReviews: boolean | null
  allowTemplateReviews: boolean | null
  /** By network; old ones may hold others than today's. */
  socialLinks: Record<string, unknown> | null
  /** Null where nothing, or something unknown, is stored: the defaults hold then. */
  allowedChains: number[] | null
  allowedTokens: ShopToken[] | null
  createdAt: Date | null
  updatedAt: Date | null
}

const link = z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)])
const image = z.string().max(500)

/** What an owner may say of the shop; what is not named stays as it is. */
export const shopChangesSchema = z.object({
  name: z.string().trim().min(1).max(100),
  description: z.string().max(2000).optional(),
  avatar: image.optional(),
  coverImage: image.optional(),
  isPublic: z.boolean().optional(),
  allowSellerReviews: z.boolean().optional(),
  allowTemplateReviews: z.boolean().optional(),
  socialLinks: z
    .object({
      facebook: link.optional(),
      instagram: link.optional(),
      linkedin: link.optional(),
      twitter: link.optional(),
    })
    .optional(),
  paymentConfig: z
    .object({
      allowedChains: z.array(z.literal(shopChains)).min(1).max(shopChains.length),
      allowedTokens: z.array(z.enum(shopTokens)).min(1).max(shopTokens.length),
    })
    .optional(),
})
export type ShopChanges = z.output<typeof shopChangesSchema>

/** What is stored as links, or nothing where an old shop has something else in their place. */
export function socialLinksOf(stored: unknown): Record<string, unknown> | null {
  const isDocument = typeof stored === 'object' && stored !== null && !Array.isArray(stored)
  return isDocument ? (stored as Record<string, unknown>) : null
}
