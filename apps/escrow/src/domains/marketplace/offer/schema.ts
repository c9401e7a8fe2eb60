import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { entityColumns, entityId, enumCheck, instant, money } from '../../../platform/columns.ts'
import { purchaseRequests } from '../request/schema.ts'
import { deliveryTimeUnits, offerCurrencies, offerStatuses } from './vocabulary.ts'

/** Offers of sellers. The price is versioned: a payment intent remembers which version it froze. */
export const sellerOffers = pgTable(
  'seller_offers',
  {
    ...entityColumns(),
    sellerId: entityId('seller_id'),
    purchaseRequestId: entityId('purchase_request_id').references((): AnyPgColumn => purchaseRequests.id),
    title: text('title'),
    description: text('description'),
    priceAmount: money('price_amount'),
    priceCurrency: text('price_currency', { enum: offerCurrencies }),
    priceVersion: integer('price_version'),
    deliveryTimeAmount: integer('delivery_time_amount'),
    deliveryTimeUnit: text('delivery_time_unit', { enum: deliveryTimeUnits }),
    status: text('status', { enum: offerStatuses }),
    attachments: text('attachments').array(),
    notes: text('notes'),
    validUntil: instant('valid_until'),
    requireAmlCheck: boolean('require_aml_check'),
    amlBlockOnFailure: boolean('aml_block_on_failure'),
  },
  (table) => [
    index('seller_offers_seller_idx').on(table.sellerId, table.createdAt.desc(), table.id),
    index('seller_offers_request_idx').on(table.purchaseRequestId),
    index('seller_offers_status_idx').on(table.status),
    index('seller_offers_created_idx').on(table.createdAt.desc()),
    uniqueIndex('seller_offers_open_per_seller_key')
      .on(table.purchaseRequestId, table.sellerId)
      .where(sql`${table.status} in ('pending', 'active', 'accepted')`),
    uniqueIndex('seller_offers_accepted_key')
      .on(table.purchaseRequestId)
      .where(sql`${table.status} = 'accepted'`),
    enumCheck('seller_offers', 'price_currency', table.priceCurrency, offerCurrencies),
    enumCheck('seller_offers', 'delivery_time_unit', table.deliveryTimeUnit, deliveryTimeUnits),
    enumCheck('seller_offers', 'status', table.status, offerStatuses),
    check('seller_offers_price_amount_check', sql`${table.priceAmount} >= 0`),
    check('seller_offers_delivery_time_amount_check', sql`${table.deliveryTimeAmount} >= 1`),
  ],
)
