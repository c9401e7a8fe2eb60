import { arrayOf, defineMapping, elementOf, integer, objectId, text } from 'landbridge/mapping'
import { users } from '../../../user/schema.ts'
import { shopSettings as table } from '../schema.ts'
import { shopChains } from '../vocabulary.ts'

/** `shopsettings`. An array with a chain or token that nobody knows stays whole in `extra`. */
export const shopSettings = defineMapping({
  unit: 'shop',
  collection: 'shopsettings',
  table,
  fields: {
    sellerId: objectId(table.sellerId, { to: () => users, orphan: 'keep' }),
    'paymentConfig.allowedChains': arrayOf(
      table.allowedChains,
      integer(elementOf(table.allowedChains), { allowed: shopChains }),
    ),
    'paymentConfig.allowedTokens': arrayOf(table.allowedTokens, text(elementOf(table.allowedTokens))),
  },
  uniques: { shop_settings_seller_key: { paths: ['sellerId'], outcome: 'extra' } },
})
