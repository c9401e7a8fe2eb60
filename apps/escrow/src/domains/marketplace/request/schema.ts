import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import {
  type Extra,
  entityColumns,
  entityId,
  enumCheck,
  instant,
  jsonValue,
  money,
} from '../../../platform/columns.ts'
import { sellerOffers } from '../offer/schema.ts'
import { requestTemplates } from '../template/schema.ts'
import { budgetCurrencies, deliveryTypes, productTypes, requestStatuses, urgencies } from './vocabulary.ts'

/** Position and kept values of an element of an array. */
const elementColumns = () => ({
  ordinal: integer('ordinal').notNull(),
  extra: jsonb('extra').$type<Extra>(),
})

/** Purchase requests. What old documents may lack is nullable; defaults live in the service. */
export const purchaseRequests = pgTable(
  'purchase_requests',
  {
    ...entityColumns(),
    buyerId: entityId('buyer_id'),
    title: text('title'),
    description: text('description'),
    categoryId: entityId('category_id'),
    productType: text('product_type', { enum: productTypes }),
    productLink: text('product_link'),
    size: text('size'),
    color: text('color'),
    brand: text('brand'),
    quantity: integer('quantity'),
    budgetMin: money('budget_min'),
    budgetMax: money('budget_max'),
    budgetCurrency: text('budget_currency', { enum: budgetCurrencies }),
    urgency: text('urgency', { enum: urgencies }),
    status: text('status', { enum: requestStatuses }),
    isPublic: boolean('is_public'),
    selectedOfferId: entityId('selected_offer_id').references((): AnyPgColumn => sellerOffers.id),
    shippedAt: instant('shipped_at'),
    deliveryType: text('delivery_type', { enum: deliveryTypes }),
    deliveryAddress: jsonValue('delivery_address'),
    deliveryEmail: text('delivery_email'),
    deliveryCode: text('delivery_code'),
    deliveryCodeGeneratedAt: instant('delivery_code_generated_at'),
    deliveryCodeExpiresAt: instant('delivery_code_expires_at'),
    deliveryCodeUsed: boolean('delivery_code_used'),
    deliveryCodeUsedAt: instant('delivery_code_used_at'),
    deliveryDate: instant('delivery_date'),
    releaseHold: boolean('release_hold'),
    disputed: boolean('disputed'),
    serviceInfo: jsonValue('service_info'),
    tracking: jsonValue('tracking'),
    templateId: entityId('template_id').references((): AnyPgColumn => requestTemplates.id),
    cancelReason: text('cancel_reason'),
    cancelledBy: entityId('cancelled_by'),
    completedAt: instant('completed_at'),
    inspectionEndsAt: instant('inspection_ends_at'),
    inspectionRemaining: integer('inspection_remaining'),
  },
  (table) => [
    index('purchase_requests_buyer_idx').on(table.buyerId, table.createdAt.desc(), table.id),
    index('purchase_requests_category_idx').on(table.categoryId),
    index('purchase_requests_product_type_idx').on(table.productType),
    index('purchase_requests_urgency_idx').on(table.urgency),
    index('purchase_requests_status_idx').on(table.status, table.createdAt.desc(), table.id),
    index('purchase_requests_selected_offer_idx').on(table.selectedOfferId),
    index('purchase_requests_template_idx').on(table.templateId),
    enumCheck('purchase_requests', 'product_type', table.productType, productTypes),
    enumCheck('purchase_requests', 'budget_currency', table.budgetCurrency, budgetCurrencies),
    enumCheck('purchase_requests', 'urgency', table.urgency, urgencies),
    enumCheck('purchase_requests', 'status', table.status, requestStatuses),
    enumCheck('purchase_requests', 'delivery_type', table.deliveryType, deliveryTypes),
    check('purchase_requests_quantity_check', sql`${table.quantity} >= 1`),
    check('purchase_requests_budget_min_check', sql`${table.budgetMin} >= 0`),
    check('purchase_requests_budget_max_check', sql`${table.budgetMax} >= 0`),
  ],
)

const requestId = () =>
  entityId('purchase_request_id')
    .notNull()
    .references(() => purchaseRequests.id)

const elementKey = (name: string, table: { purchaseRequestId: AnyPgColumn; ordinal: AnyPgColumn }) =>
  primaryKey({ name: `${name}_pkey`, columns: [table.purchaseRequestId, table.ordinal] })

export const purchaseRequestSpecifications = pgTable(
  'purchase_request_specifications',
  {
    purchaseRequestId: requestId(),
    ...elementColumns(),
    key: text('key'),
    value: text('value'),
    label: text('label'),
  },
  (table) => [elementKey('purchase_request_specifications', table)],
)

export const purchaseRequestPreferredSellers = pgTable(
  'purchase_request_preferred_sellers',
  { purchaseRequestId: requestId(), ...elementColumns(), sellerId: entityId('seller_id') },
  (table) => [
    elementKey('purchase_request_preferred_sellers', table),
    index('purchase_request_preferred_sellers_seller_idx').on(table.sellerId),
  ],
)

export const purchaseRequestDeliveryAttempts = pgTable(
  'purchase_request_delivery_attempts',
  {
    purchaseRequestId: requestId(),
    ...elementColumns(),
    code: text('code'),
    attemptedBy: entityId('attempted_by'),
    at: instant('attempted_at'),
    success: boolean('success'),
    ip: text('ip'),
  },
  (table) => [elementKey('purchase_request_delivery_attempts', table)],
)

export const purchaseRequestAttachments = pgTable(
  'purchase_request_attachments',
  {
    purchaseRequestId: requestId(),
    ...elementColumns(),
    url: text('url'),
    name: text('name'),
    mime: text('mime'),
    size: integer('size'),
  },
  (table) => [elementKey('purchase_request_attachments', table)],
)

export const purchaseRequestTags = pgTable(
  'purchase_request_tags',
  { purchaseRequestId: requestId(), ...elementColumns(), tag: text('tag') },
  (table) => [elementKey('purchase_request_tags', table)],
)

/** `by` is null where the system itself moved the request. */
export const purchaseRequestStatusHistory = pgTable(
  'purchase_request_status_history',
  {
    purchaseRequestId: requestId(),
    ...elementColumns(),
    from: text('from_status'),
    to: text('to_status'),
    by: entityId('changed_by'),
    reason: text('reason'),
    at: instant('changed_at'),
  },
  (table) => [elementKey('purchase_request_status_history', table)],
)

export const purchaseRequestTrackingEvents = pgTable(
  'purchase_request_tracking_events',
  {
    purchaseRequestId: requestId(),
    ...elementColumns(),
    status: text('status'),
    description: text('description'),
    location: text('location'),
    at: instant('occurred_at'),
  },
  (table) => [elementKey('purchase_request_tracking_events', table)],
)
