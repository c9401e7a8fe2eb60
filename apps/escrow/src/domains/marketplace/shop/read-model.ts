import type { EntityId } from '../../../platform/ids.ts'
import type { Units } from '../../../units.ts'
import type { ShopSettings } from './model.ts'
import { defaultChains, defaultTokens } from './vocabulary.ts'

export interface ShopSummary {
  sellerId: EntityId
  name: string | null
  avatar: string | null
  isPublic: boolean
  allowSellerReviews: boolean
  allowTemplateReviews: boolean
  /** What the shop takes payments in, by chain id and by symbol. */
  allowedChains: readonly number[]
  allowedTokens: readonly string[]
}

/** What other domains may know of shops. */
export interface ShopReadModel {
  /** By seller. Sellers without a shop are missing from the answer. */
  ofSellers(sellerIds: EntityId[]): Promise<Map<EntityId, ShopSummary>>
}

export function createShopReadModel(units: Pick<Units, 'shop'>): ShopReadModel {
  return {
    async ofSellers(sellerIds) {
      const found = await units.shop.read.shops.findBySellers([...new Set(sellerIds)])
      return new Map(
        found.flatMap((shop) =>
          shop.sellerId === null ? [] : [[shop.sellerId, summaryOf(shop, shop.sellerId)]],
        ),
      )
    },
  }
}

/** What is not there is what the past took for granted: everything is shown and allowed. */
function summaryOf(shop: ShopSettings, sellerId: EntityId): ShopSummary {
  return {
    sellerId,
    name: shop.name,
    avatar: shop.avatar || null,
    isPublic: shop.isPublic ?? true,
    allowSellerReviews: shop.allowSellerReviews ?? true,
    allowTemplateReviews: shop.allowTemplateReviews ?? true,
    allowedChains: shop.allowedChains ?? defaultChains,
    allowedTokens: shop.allowedTokens ?? defaultTokens,
  }
}
