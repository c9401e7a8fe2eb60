import { sql } from 'drizzle-orm'
import { type AnyPgColumn, boolean, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { entityColumns, entityId } from '../../../platform/columns.ts'

/** A migration of triggers adds the one that refuses circles. */
export const categories = pgTable(
  'categories',
  {
    ...entityColumns(),
    name: text('name'),
    nameEn: text('name_en'),
    description: text('description'),
    icon: text('icon'),
    isActive: boolean('is_active'),
    parentId: entityId('parent_id').references((): AnyPgColumn => categories.id),
    order: integer('order'),
  },
  (table) => [
    uniqueIndex('categories_name_en_key').on(table.nameEn).where(sql`${table.nameEn} is not null`),
    uniqueIndex('categories_active_name_key')
      .on(sql`lower(btrim(${table.name}))`)
      .where(sql`${table.isActive}`),
    index('categories_parent_idx').on(table.parentId),
    index('categories_active_order_idx').on(table.isActive, table.order),
  ],
)
