import { defineMapping, integer, money, objectId, text } from 'landbridge/mapping'
import { users } from '../../../user/schema.ts'
import { purchaseRequests } from '../../request/schema.ts'
import { sellerOffers as table } from '../schema.ts'

/** `selleroffers`. */
export const sellerOffers = defineMapping({
  unit: 'request',
  collection: 'selleroffers',
  table,
  fields: {
    sellerId: objectId(table.sellerId, { to: () => users, orphan: 'keep' }),
    purchaseRequestId: objectId(table.purchaseRequestId, { to: () => purchaseRequests, orphan: 'keep' }),
    'price.amount': money(table.priceAmount, { min: '0' }),
    'price.currency': text(table.priceCurrency),
    'deliveryTime.amount': integer(table.deliveryTimeAmount, { min: 1 }),
    'deliveryTime.unit': text(table.deliveryTimeUnit),
  },
  // Old data has several standing offers of one seller on one request: the later ones keep their status in `extra`.
  uniques: {
    seller_offers_open_per_seller_key: { paths: ['status'], outcome: 'extra' },
    seller_offers_accepted_key: { paths: ['status'], outcome: 'extra' },
  },
})
