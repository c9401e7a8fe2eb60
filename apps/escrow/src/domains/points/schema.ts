import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import {
  entityColumns,
  entityId,
  enumCheck,
  instant,
  jsonValue,
  referenceCheck,
  referenceColumns,
} from '../../platform/columns.ts'
import { users } from '../user/schema.ts'
import { origins, pointSources, pointTypes } from './model.ts'

/** Append-only: a migration of triggers refuses UPDATE, DELETE and TRUNCATE. */
export const pointTransactions = pgTable(
  'point_transactions',
  {
    ...entityColumns(),
    userId: entityId('user_id').references(() => users.id),
    type: text('type', { enum: pointTypes }),
    source: text('source', { enum: pointSources }),
    amount: integer('amount'),
    balance: integer('balance'),
    ...referenceColumns('order'),
    referredUser: entityId('referred_user').references(() => users.id),
    description: text('description'),
    metadata: jsonValue('metadata').$type<Record<string, unknown>>(),
    expiresAt: instant('expires_at'),
    origin: text('origin', { enum: origins }),
  },
  (table) => [
    enumCheck('point_transactions', 'type', table.type, pointTypes),
    enumCheck('point_transactions', 'source', table.source, pointSources),
    enumCheck('point_transactions', 'origin', table.origin, origins),
    referenceCheck('point_transactions', 'order', table),
    uniqueIndex('point_transactions_one_earn_per_order')
      .on(table.source, table.orderId)
      .where(sql`${table.type} = 'earn' and ${table.origin} = 'app' and ${table.orderId} is not null`),
    uniqueIndex('point_transactions_one_referral_earn')
      .on(table.referredUser)
      .where(sql`${table.type} = 'earn' and ${table.source} = 'referral' and ${table.origin} = 'app'`),
    index('point_transactions_user_idx').on(
      table.userId,
      table.createdAt.desc().nullsLast(),
      table.id.desc(),
    ),
    index('point_transactions_user_type_idx').on(table.userId, table.type),
    index('point_transactions_user_source_idx').on(table.userId, table.source),
    index('point_transactions_expires_idx').on(table.expiresAt).where(sql`${table.expiresAt} is not null`),
  ],
)
