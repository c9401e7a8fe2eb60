import { sql } from 'drizzle-orm'
import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import {
  entityColumns,
  entityId,
  enumCheck,
  instant,
  jsonValue,
  referenceCheck,
  referenceColumns,
} from '../../platform/columns.ts'
import { disputeCategories, disputeOrigins, disputePriorities, disputeStatuses } from './vocabulary.ts'

/** Disputes. Their lists are short and always read whole, so they are JSON; a trigger knows the moves of the status. */
export const disputes = pgTable(
  'disputes',
  {
    ...entityColumns(),
    purchaseRequestId: entityId('purchase_request_id'),
    buyerId: entityId('buyer_id'),
    sellerId: entityId('seller_id'),
    adminId: entityId('admin_id'),
    openedBy: entityId('opened_by'),
    paymentId: entityId('payment_id'),
    reason: text('reason'),
    description: text('description'),
    priority: text('priority', { enum: disputePriorities }),
    category: text('category', { enum: disputeCategories }),
    status: text('status', { enum: disputeStatuses }),
    evidence: jsonValue('evidence'),
    timeline: jsonValue('timeline'),
    messages: jsonValue('messages'),
    responseDeadline: instant('response_deadline'),
    deadline: instant('deadline'),
    /** But for its time, which is calculated with. */
    resolution: jsonValue('resolution'),
    resolvedAt: instant('resolved_at'),
    ...referenceColumns('chat'),
    origin: text('origin', { enum: disputeOrigins }),
  },
  (table) => [
    uniqueIndex('disputes_open_key')
      .on(table.purchaseRequestId)
      .where(sql`${table.status} in ('pending', 'in_progress', 'waiting_response')`),
    index('disputes_request_idx').on(table.purchaseRequestId),
    index('disputes_buyer_idx').on(table.buyerId),
    index('disputes_seller_idx').on(table.sellerId),
    index('disputes_admin_idx').on(table.adminId, table.status),
    index('disputes_status_idx').on(table.status, table.priority),
    index('disputes_priority_idx').on(table.priority),
    index('disputes_category_idx').on(table.category),
    referenceCheck('disputes', 'chat', table),
    enumCheck('disputes', 'priority', table.priority, disputePriorities),
    enumCheck('disputes', 'category', table.category, disputeCategories),
    enumCheck('disputes', 'status', table.status, disputeStatuses),
    enumCheck('disputes', 'origin', table.origin, disputeOrigins),
  ],
)
