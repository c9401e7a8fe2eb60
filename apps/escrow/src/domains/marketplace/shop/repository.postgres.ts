import { eq, inArray } from 'drizzle-orm'
import { bornAt } from '../../../platform/columns.ts'
import type { Database } from '../../../platform/database.ts'
import { keptText, withoutKept } from '../../../platform/extra.ts'
import { violates } from '../../../platform/postgres-error.ts'
import { shopExists } from './errors.ts'
import { type ShopSettings, socialLinksOf } from './model.ts'
import type { ShopRepository } from './repository.ts'
import { shopSettings } from './schema.ts'

/** Where columns of other names keep what they refused. */
const paths: Partial<Record<keyof ShopSettings, string>> = {
  allowedChains: 'paymentConfig.allowedChains',
  allowedTokens: 'paymentConfig.allowedTokens',
}

export function createShopRepository(db: Database): ShopRepository {
  return {
    async findBySeller(sellerId) {
      const [row] = await db.select().from(shopSettings).where(eq(shopSettings.sellerId, sellerId))
      return row === undefined ? null : shopOf(row)
    },

    async findBySellers(sellerIds) {
      if (sellerIds.length === 0) return []
      const rows = await db.select().from(shopSettings).where(inArray(shopSettings.sellerId, sellerIds))
      return rows.map(shopOf)
    },

    async lockBySeller(sellerId) {
      const [row] = await db
        .select()
        .from(shopSettings)
        .where(eq(shopSettings.sellerId, sellerId))
        .for('update')
      return row === undefined ? null : shopOf(row)
    },

    async insert(shop) {
      const row = { ...bornAt(shop.id, shop.createdAt ?? new Date()), ...shop }
      await db.insert(shopSettings).values(row).catch(refuseWrite)
    },

    async update({ id, ...changes }) {
      const cleared = Object.entries(changes).flatMap(([name, value]) =>
        value === null ? [paths[name as keyof ShopSettings] ?? name] : [],
      )
      const extra = withoutKept(shopSettings.extra, cleared)
      await db
        .update(shopSettings)
        .set({ ...changes, extra })
        .where(eq(shopSettings.id, id))
        .catch(refuseWrite)
    },
  }
}

function refuseWrite(error: unknown): never {
  if (violates(error, 'shop_settings_seller_key')) throw shopExists(error)
  throw error
}

export function shopOf(row: typeof shopSettings.$inferSelect): ShopSettings {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    sellerId: row.sellerId,
    name: text(row.name, 'name'),
    description: text(row.description, 'description'),
    avatar: text(row.avatar, 'avatar'),
    coverImage: text(row.coverImage, 'coverImage'),
    isPublic: row.isPublic,
    allowSellerReviews: row.allowSellerReviews,
    allowTemplateReviews: row.allowTemplateReviews,
    socialLinks: socialLinksOf(row.socialLinks),
    allowedChains: row.allowedChains && withoutGaps(row.allowedChains),
    allowedTokens: row.allowedTokens && withoutGaps(row.allowedTokens),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

/** Old arrays may hold nulls, which Drizzle's type of the column does not say. */
function withoutGaps<Element>(elements: (Element | null)[]): Element[] {
  return elements.filter((element) => element !== null)
}
