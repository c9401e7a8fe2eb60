import { sql } from 'drizzle-orm'
import { boolean, check, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { entityColumns, entityId, jsonValue } from '../../../platform/columns.ts'
import { shopChains, shopTokens } from './vocabulary.ts'

// The values are this program's own constants; DDL takes no bound parameters.
const knownChains = sql.raw(shopChains.join(', '))
const knownTokens = sql.raw(shopTokens.map((token) => `'${token}'`).join(', '))

export const shopSettings = pgTable(
  'shop_settings',
  {
    ...entityColumns(),
    sellerId: entityId('seller_id'),
    name: text('name'),
    description: text('description'),
    avatar: text('avatar'),
    coverImage: text('cover_image'),
    isPublic: boolean('is_public'),
    allowSellerReviews: boolean('allow_seller_reviews'),
    allowTemplateReviews: boolean('allow_template_reviews'),
    socialLinks: jsonValue('social_links'),
    allowedChains: integer('allowed_chains').array(),
    allowedTokens: text('allowed_tokens', { enum: shopTokens }).array(),
  },
  (table) => [
    unique('shop_settings_seller_key').on(table.sellerId),
    // Nulls among the elements come from old documents; they are no member of anything.
    check(
      'shop_settings_allowed_chains_known',
      sql`array_remove(${table.allowedChains}, null) <@ array[${knownChains}]`,
    ),
    check(
      'shop_settings_allowed_tokens_known',
      sql`array_remove(${table.allowedTokens}, null) <@ array[${knownTokens}]`,
    ),
  ],
)
