import {
  boolean,
  defineMapping,
  integer,
  json,
  money,
  objectId,
  rows,
  text,
  timestamp,
  values,
} from 'landbridge/mapping'
import { users } from '../../../user/schema.ts'
import { categories } from '../../category/schema.ts'
import { sellerOffers } from '../../offer/schema.ts'
import { requestTemplates } from '../../template/schema.ts'
import {
  purchaseRequestAttachments,
  purchaseRequestDeliveryAttempts,
  purchaseRequestPreferredSellers,
  purchaseRequestSpecifications,
  purchaseRequestStatusHistory,
  purchaseRequestTags,
  purchaseRequestTrackingEvents,
  purchaseRequests as table,
} from '../schema.ts'

const toUser = { to: () => users, orphan: 'keep' } as const

/** `purchaserequests` and its eight tables. */
export const purchaseRequests = defineMapping({
  unit: 'request',
  collection: 'purchaserequests',
  table,
  fields: {
    buyerId: objectId(table.buyerId, toUser),
    categoryId: objectId(table.categoryId, { to: () => categories, orphan: 'keep' }),
    selectedOfferId: objectId(table.selectedOfferId, { to: () => sellerOffers, orphan: 'keep' }),
    cancelledBy: objectId(table.cancelledBy, toUser),
    templateId: objectId(table.templateId, { to: () => requestTemplates, orphan: 'keep' }),
    quantity: integer(table.quantity, { min: 1 }),
    'budget.min': money(table.budgetMin, { min: '0' }),
    'budget.max': money(table.budgetMax, { min: '0' }),
    'budget.currency': text(table.budgetCurrency),
    'deliveryInfo.deliveryType': text(table.deliveryType),
    'deliveryInfo.address': json(table.deliveryAddress),
    'deliveryInfo.email': text(table.deliveryEmail),
    'deliveryInfo.deliveryCode': text(table.deliveryCode),
    'deliveryInfo.deliveryCodeGeneratedAt': timestamp(table.deliveryCodeGeneratedAt),
    'deliveryInfo.deliveryCodeExpiresAt': timestamp(table.deliveryCodeExpiresAt),
    'deliveryInfo.deliveryCodeUsed': boolean(table.deliveryCodeUsed),
    'deliveryInfo.deliveryCodeUsedAt': timestamp(table.deliveryCodeUsedAt),
    'deliveryInfo.deliveryDate': timestamp(table.deliveryDate),
  },
  children: {
    specifications: rows(purchaseRequestSpecifications),
    preferredSellerIds: values(purchaseRequestPreferredSellers, {
      value: purchaseRequestPreferredSellers.sellerId,
      codec: objectId(purchaseRequestPreferredSellers.sellerId, toUser),
    }),
    'deliveryInfo.deliveryAttempts': rows(purchaseRequestDeliveryAttempts),
    attachments: rows(purchaseRequestAttachments),
    tags: values(purchaseRequestTags, { value: purchaseRequestTags.tag }),
    statusHistory: rows(purchaseRequestStatusHistory),
    trackingEvents: rows(purchaseRequestTrackingEvents),
  },
  dropped: { offers: 'offers point back at their request; this list was never complete' },
})
