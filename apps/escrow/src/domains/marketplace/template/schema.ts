import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { type Extra, entityColumns, entityId, enumCheck, instant, money } from '../../../platform/columns.ts'
import { budgetCurrencies, deliveryTypes, productTypes, urgencies } from '../request/index.ts'

/** What sellers offer ready-made. A trigger refuses uses past the limit. */
export const requestTemplates = pgTable(
  'request_templates',
  {
    ...entityColumns(),
    sellerId: entityId('seller_id'),
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
    deliveryType: text('delivery_type', { enum: deliveryTypes }),
    deliveryNotes: text('delivery_notes'),
    deliveryEmail: text('delivery_email'),
    shareableLink: text('shareable_link'),
    proposal: text('proposal'),
    isActive: boolean('is_active'),
    usageCount: integer('usage_count'),
    maxUsage: integer('max_usage'),
    expiresAt: instant('expires_at'),
    useShopDefault: boolean('use_shop_default'),
    tags: text('tags').array(),
    images: text('images').array(),
    attachments: text('attachments').array(),
    allowedChains: integer('allowed_chains').array(),
    allowedTokens: text('allowed_tokens').array(),
  },
  (table) => [
    uniqueIndex('request_templates_link_key').on(table.shareableLink),
    // As the legacy compound index has it.
    index('request_templates_seller_idx').on(table.sellerId, table.categoryId, table.productType),
    index('request_templates_open_idx').on(table.sellerId).where(sql`${table.isActive}`),
    enumCheck('request_templates', 'product_type', table.productType, productTypes),
    enumCheck('request_templates', 'budget_currency', table.budgetCurrency, budgetCurrencies),
    enumCheck('request_templates', 'urgency', table.urgency, urgencies),
    enumCheck('request_templates', 'delivery_type', table.deliveryType, deliveryTypes),
    check('request_templates_quantity_check', sql`${table.quantity} >= 1`),
    check('request_templates_budget_min_check', sql`${table.budgetMin} >= 0`),
    check('request_templates_budget_max_check', sql`${table.budgetMax} >= 0`),
    check('request_templates_usage_count_check', sql`${table.usageCount} >= 0`),
  ],
)

export const requestTemplateSpecifications = pgTable(
  'request_template_specifications',
  {
    templateId: entityId('template_id')
      .notNull()
      .references(() => requestTemplates.id),
    ordinal: integer('ordinal').notNull(),
    extra: jsonb('extra').$type<Extra>(),
    key: text('key'),
    value: text('value'),
    label: text('label'),
  },
  (table) => [
    primaryKey({ name: 'request_template_specifications_pkey', columns: [table.templateId, table.ordinal] }),
  ],
)
