import type { Actor } from '../../../platform/auth-guard.ts'
import type { Clock } from '../../../platform/clock.ts'
import { notFound } from '../../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../../platform/ids.ts'
import type { Units } from '../../../units.ts'
import type { ShopChanges, ShopSettings } from './model.ts'
import { defaultChains, defaultTokens } from './vocabulary.ts'

export interface ShopService {
  /** The owner's own shop, or null before it is first saved. */
  own(seller: Actor): Promise<ShopSettings | null>
  /** Makes the shop, or changes what is named. */
  save(seller: Actor, changes: ShopChanges): Promise<ShopSettings>
  /** A shop as anybody sees it. Raises NOT_FOUND, also for one that is not public. */
  visible(sellerId: EntityId): Promise<ShopSettings>
}

export function createShopService({
  units,
  clock,
}: {
  units: Pick<Units, 'shop'>
  clock: Clock
}): ShopService {
  const store = units.shop
  return {
    own: ({ id }) => store.read.shops.findBySeller(id),

    save: ({ id: sellerId }, changes) =>
      store.transaction(async ({ shops }) => {
        const now = clock.now()
        const before = await shops.lockBySeller(sellerId)
        const shop = changed(before ?? newShop(sellerId, now), changes, now)
        await (before === null ? shops.insert(shop) : shops.update(shop))
        return shop
      }),

    async visible(sellerId) {
      const shop = await store.read.shops.findBySeller(sellerId)
      if (shop === null || shop.isPublic === false) throw notFound('shop of seller', publicId(sellerId))
      return shop
    },
  }
}

function newShop(sellerId: EntityId, at: Date): ShopSettings {
  return {
    id: newId(at),
    sellerId,
    name: '',
    description: '',
    avatar: '',
    coverImage: '',
    isPublic: true,
    allowSellerReviews: true,
    allowTemplateReviews: true,
    socialLinks: { facebook: '', instagram: '', linkedin: '', twitter: '' },
    allowedChains: [...defaultChains],
    allowedTokens: [...defaultTokens],
    createdAt: at,
    updatedAt: at,
  }
}

function changed(
  shop: ShopSettings,
  { socialLinks, paymentConfig, ...rest }: ShopChanges,
  at: Date,
): ShopSettings {
  return {
    ...shop,
    ...given(rest),
    ...(socialLinks === undefined ? {} : { socialLinks: { ...shop.socialLinks, ...given(socialLinks) } }),
    ...paymentConfig,
    updatedAt: at,
  }
}

function given<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>
}
