import { readReference } from '../../platform/columns.ts'
import { keptText } from '../../platform/extra.ts'
import type { Dispute } from './model.ts'
import type { disputes } from './schema.ts'
import { evidenceOf, messagesOf, resolutionOf, timelineOf } from './stored.ts'

/** The dispute that a row tells; where a column is null, old words that the row keeps beside it are shown. */
export function disputeOf(row: typeof disputes.$inferSelect): Dispute {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    id: row.id,
    purchaseRequestId: row.purchaseRequestId,
    buyerId: row.buyerId,
    sellerId: row.sellerId,
    adminId: row.adminId,
    openedBy: row.openedBy,
    paymentId: row.paymentId,
    reason: shown(row.reason, 'reason'),
    description: shown(row.description, 'description'),
    priority: shown(row.priority, 'priority'),
    category: shown(row.category, 'category'),
    status: shown(row.status, 'status'),
    evidence: evidenceOf(row.evidence),
    timeline: timelineOf(row.timeline),
    messages: messagesOf(row.messages),
    responseDeadline: row.responseDeadline,
    deadline: row.deadline,
    resolution: resolutionOf(row.resolution, row.resolvedAt),
    chat: readReference(row.chatRefKind, row.chatId, row.chatExternalRef),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
