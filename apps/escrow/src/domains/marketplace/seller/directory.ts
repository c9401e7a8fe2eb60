import type { Page, Paged } from '../../../platform/answer.ts'
import type { UserReadModel, UserSummary } from '../../user/index.ts'
import type { RequestReadModel } from '../request/index.ts'
import { noRating, type RatingSummary, type ReviewReadModel } from '../review/index.ts'
import type { ShopReadModel, ShopSummary } from '../shop/index.ts'

export interface SellerEntry {
  seller: UserSummary
  /** Null where the seller has none, or does not show it. */
  shop: ShopSummary | null
  rating: RatingSummary
  completedOrders: number
}

/** Everybody who sells here: people, shops, reviews and orders, each asked of its owner once for a whole page. */
export interface SellerDirectory {
  /** Active sellers, the newest first. */
  list(page: Page): Promise<Paged<SellerEntry>>
}

export function createSellerDirectory(readModels: {
  users: UserReadModel
  shops: ShopReadModel
  reviews: ReviewReadModel
  requests: RequestReadModel
}): SellerDirectory {
  const { users, shops, reviews, requests } = readModels
  return {
    async list(page) {
      const { items: sellers, total } = await users.sellers(page)
      const ids = sellers.map(({ id }) => id)
      const [shopOf, ratingOf, ordersOf] = await Promise.all([
        shops.ofSellers(ids),
        reviews.ratings('seller', ids),
        requests.completedOrders(ids),
      ])
      const items = sellers.map((seller) => ({
        seller,
        shop: shownShop(shopOf.get(seller.id)),
        rating: ratingOf.get(seller.id) ?? noRating,
        completedOrders: ordersOf.get(seller.id) ?? 0,
      }))
      return { items, total }
    },
  }
}

function shownShop(shop: ShopSummary | undefined): ShopSummary | null {
  return shop?.isPublic === true ? shop : null
}
