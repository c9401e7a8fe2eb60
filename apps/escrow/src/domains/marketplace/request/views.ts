import { z } from 'zod'
import { type EntityId, publicId } from '../../../platform/ids.ts'
import type { PurchaseRequest, PurchaseRequestSummary } from './model.ts'

const text = z.string().nullable()
const time = z.iso.datetime().nullable()

/** A request in a list. Codes and addresses are never in it. */
export const requestSummaryView = z.object({
  id: z.string(),
  buyerId: text,
  title: text,
  description: text,
  categoryId: text,
  productType: text,
  productLink: text,
  size: text,
  color: text,
  brand: text,
  quantity: z.number().nullable(),
  budget: z.object({ min: text, max: text, currency: text }),
  urgency: text,
  status: text,
  isPublic: z.boolean(),
  templateId: text,
  selectedOfferId: text,
  shippedAt: time,
  releaseHold: z.boolean(),
  disputed: z.boolean(),
  cancelReason: text,
  completedAt: time,
  inspectionEndsAt: time,
  createdAt: time,
  updatedAt: time,
})

export const requestView = requestSummaryView.extend({
  specifications: z.array(z.object({ key: text, value: text, label: text })),
  preferredSellerIds: z.array(z.string()),
  attachments: z.array(z.object({ url: text, name: text, mime: text, size: z.number().nullable() })),
  tags: z.array(z.string()),
  deliveryInfo: z.object({
    deliveryType: text,
    address: z.unknown(),
    email: text,
    deliveryCodeExpiresAt: time,
    deliveryCodeUsed: z.boolean(),
  }),
  statusHistory: z.array(z.object({ from: text, to: text, by: text, reason: text, at: time })),
  trackingEvents: z.array(z.object({ status: text, description: text, location: text, at: time })),
})

export function requestSummaryViewOf(request: PurchaseRequestSummary): z.output<typeof requestSummaryView> {
  return {
    id: publicId(request.id),
    buyerId: idOf(request.buyerId),
    title: request.title,
    description: request.description,
    categoryId: idOf(request.categoryId),
    productType: request.productType,
    productLink: request.productLink,
    size: request.size,
    color: request.color,
    brand: request.brand,
    quantity: request.quantity,
    budget: request.budget,
    urgency: request.urgency,
    status: request.status,
    isPublic: request.isPublic ?? true,
    templateId: idOf(request.templateId),
    selectedOfferId: idOf(request.selectedOfferId),
    shippedAt: timeOf(request.shippedAt),
    releaseHold: request.releaseHold ?? false,
    disputed: request.disputed ?? false,
    cancelReason: request.cancelReason,
    completedAt: timeOf(request.completedAt),
    inspectionEndsAt: timeOf(request.inspectionEndsAt),
    createdAt: timeOf(request.createdAt),
    updatedAt: timeOf(request.updatedAt),
  }
}

/** The whole request; address and e-mail only for those who deliver to them. */
export function requestViewOf(
  request: PurchaseRequest,
  { withAddress }: { withAddress: boolean },
): z.output<typeof requestView> {
  const { delivery } = request
  return {
    ...requestSummaryViewOf(request),
    specifications: request.specifications,
    preferredSellerIds: request.preferredSellerIds.map(publicId),
    attachments: request.attachments,
    tags: request.tags,
    deliveryInfo: {
      deliveryType: delivery.type,
      address: withAddress ? delivery.address : null,
      email: withAddress ? delivery.email : null,
      deliveryCodeExpiresAt: timeOf(delivery.codeExpiresAt),
      deliveryCodeUsed: delivery.codeUsed ?? false,
    },
    statusHistory: request.statusHistory.map((change) => ({
      ...change,
      by: idOf(change.by),
      at: timeOf(change.at),
    })),
    trackingEvents: request.trackingEvents.map((event) => ({ ...event, at: timeOf(event.at) })),
  }
}

function idOf(id: EntityId | null): string | null {
  return id === null ? null : publicId(id)
}

function timeOf(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}
