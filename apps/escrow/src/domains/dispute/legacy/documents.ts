import { withoutNulls } from '../../../migration/document-changes.ts'
import {
  lenientDate,
  lenientDocument,
  lenientId,
  lenientReference,
  lenientText,
  objectIdOf,
} from '../../../migration/lenient.ts'
import { lenientJson } from '../../../migration/lenient-json.ts'
import { type EntityId, isEntityId, parseId } from '../../../platform/ids.ts'
import type { Dispute, NewDispute } from '../model.ts'
import { evidenceOf, messagesOf, resolutionOf, timelineOf } from '../stored.ts'
import type { DisputeDocument } from './model.mongo.ts'

/** The dispute that a document tells, whatever lies in it. */
export function disputeOf(document: DisputeDocument): Dispute {
  return {
    id: parseId(document._id.toHexString()),
    purchaseRequestId: lenientId(document.purchaseRequestId),
    buyerId: lenientId(document.buyerId),
    sellerId: lenientId(document.sellerId),
    adminId: lenientId(document.adminId),
    openedBy: lenientId(document.openedBy),
    paymentId: lenientId(document.paymentId),
    reason: lenientText(document.reason),
    description: lenientText(document.description),
    priority: lenientText(document.priority),
    category: lenientText(document.category),
    status: lenientText(document.status),
    evidence: evidenceOf(lenientJson(document.evidence ?? null)),
    timeline: timelineOf(lenientJson(document.timeline ?? null)),
    messages: messagesOf(lenientJson(document.messages ?? null)),
    responseDeadline: lenientDate(document.responseDeadline),
    deadline: lenientDate(document.deadline),
    resolution: resolutionIn(document.resolution),
    chat: lenientReference(document.chatId),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

function resolutionIn(stored: unknown) {
  const { resolvedAt, ...rest } = lenientDocument(stored)
  return resolutionOf(lenientJson(rest), lenientDate(resolvedAt))
}

/** The document of a new dispute. */
export function documentOf({ id, at, evidence, timeline, ...fields }: NewDispute): Record<string, unknown> {
  return {
    _id: objectIdOf(id),
    ...elementOf(fields),
    status: 'pending',
    evidence: evidence.map(elementOf),
    timeline: timeline.map(elementOf),
    messages: [],
    origin: 'app',
    createdAt: at,
    updatedAt: at,
  }
}

/** An element of a list: ids are ObjectIds here, and what is absent is left out. */
export function elementOf(element: object): Record<string, unknown> {
  const values = withoutNulls({ ...element } as Record<string, unknown>)
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, isUuid(value) ? objectIdOf(value) : value]),
  )
}

function isUuid(value: unknown): value is EntityId {
  return typeof value === 'string' && value.length === 36 && isEntityId(value)
}
