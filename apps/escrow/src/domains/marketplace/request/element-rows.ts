import { keptText } from '../../../platform/extra.ts'
import type { PurchaseRequest, PurchaseRequestSummary } from './model.ts'
import type {
  purchaseRequestAttachments,
  purchaseRequestDeliveryAttempts,
  purchaseRequestPreferredSellers,
  purchaseRequestSpecifications,
  purchaseRequestStatusHistory,
  purchaseRequestTags,
  purchaseRequestTrackingEvents,
} from './schema.ts'

/** The lists that hang on a request. */
export type RequestElements = Omit<PurchaseRequest, keyof PurchaseRequestSummary>

export interface ElementRows {
  specifications: (typeof purchaseRequestSpecifications.$inferSelect)[]
  preferred: (typeof purchaseRequestPreferredSellers.$inferSelect)[]
  attachments: (typeof purchaseRequestAttachments.$inferSelect)[]
  tags: (typeof purchaseRequestTags.$inferSelect)[]
  attempts: (typeof purchaseRequestDeliveryAttempts.$inferSelect)[]
  history: (typeof purchaseRequestStatusHistory.$inferSelect)[]
  tracking: (typeof purchaseRequestTrackingEvents.$inferSelect)[]
}

/** The lists that rows of the child tables tell, each in its order; old words are shown from what a row keeps. */
export function elementsOf(rows: ElementRows): RequestElements {
  return {
    specifications: rows.specifications.map(({ extra, ...row }) => ({
      key: row.key ?? keptText(extra, 'key'),
      value: row.value ?? keptText(extra, 'value'),
      label: row.label ?? keptText(extra, 'label'),
    })),
    preferredSellerIds: rows.preferred.map((row) => row.sellerId).filter((sellerId) => sellerId !== null),
    attachments: rows.attachments.map(({ extra, ...row }) => ({
      url: row.url ?? keptText(extra, 'url'),
      name: row.name ?? keptText(extra, 'name'),
      mime: row.mime ?? keptText(extra, 'mime'),
      size: row.size,
    })),
    tags: rows.tags.map((row) => row.tag ?? keptText(row.extra, '')).filter((tag) => tag !== null),
    deliveryAttempts: rows.attempts.map(({ extra, ...row }) => ({
      code: row.code ?? keptText(extra, 'code'),
      attemptedBy: row.attemptedBy,
      at: row.at,
      success: row.success,
      ip: row.ip ?? keptText(extra, 'ip'),
    })),
    statusHistory: rows.history.map(({ extra, ...row }) => ({
      from: row.from ?? keptText(extra, 'from'),
      to: row.to ?? keptText(extra, 'to'),
      by: row.by,
      reason: row.reason ?? keptText(extra, 'reason'),
      at: row.at,
    })),
    trackingEvents: rows.tracking.map(({ extra, ...row }) => ({
      status: row.status ?? keptText(extra, 'status'),
      description: row.description ?? keptText(extra, 'description'),
      location: row.location ?? keptText(extra, 'location'),
      at: row.at,
    })),
  }
}
