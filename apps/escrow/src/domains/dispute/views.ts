import { z } from 'zod'
import { type EntityId, publicId } from '../../platform/ids.ts'
import { referenceText } from '../../platform/reference.ts'
import type { Dispute } from './model.ts'
import type { DisputeStatistics } from './service.ts'

const text = z.string().nullable()
const time = z.iso.datetime().nullable()

/** A dispute as its parties and the staff see it. Money is text, always. */
export const disputeView = z.object({
  id: z.string(),
  purchaseRequestId: text,
  buyerId: text,
  sellerId: text,
  adminId: text,
  openedBy: text,
  paymentId: text,
  chatId: text,
  reason: text,
  description: text,
  priority: text,
  category: text,
  status: text,
  evidence: z.array(z.object({ type: text, url: text, description: text, uploadedBy: text, at: time })),
  timeline: z.array(z.object({ action: text, performedBy: text, details: text, at: time })),
  messages: z.array(z.object({ senderId: text, content: text, at: time })),
  responseDeadline: time,
  deadline: time,
  resolution: z
    .object({
      action: text,
      amount: text,
      currency: text,
      notes: text,
      resolvedBy: text,
      resolvedAt: time,
    })
    .nullable(),
  createdAt: time,
  updatedAt: time,
})

export function disputeViewOf(dispute: Dispute): z.output<typeof disputeView> {
  const { chat, resolution, ...fields } = dispute
  return {
    ...fields,
    id: publicId(dispute.id),
    purchaseRequestId: idOf(dispute.purchaseRequestId),
    buyerId: idOf(dispute.buyerId),
    sellerId: idOf(dispute.sellerId),
    adminId: idOf(dispute.adminId),
    openedBy: idOf(dispute.openedBy),
    paymentId: idOf(dispute.paymentId),
    chatId: chat === null ? null : referenceText(chat),
    evidence: dispute.evidence.map((one) => ({
      ...one,
      uploadedBy: idOf(one.uploadedBy),
      at: timeOf(one.at),
    })),
    timeline: inOrder(dispute.timeline).map((entry) => ({
      ...entry,
      performedBy: idOf(entry.performedBy),
      at: timeOf(entry.at),
    })),
    messages: inOrder(dispute.messages).map((message) => ({
      ...message,
      senderId: idOf(message.senderId),
      at: timeOf(message.at),
    })),
    responseDeadline: timeOf(dispute.responseDeadline),
    deadline: timeOf(dispute.deadline),
    resolution:
      resolution === null
        ? null
        : {
            ...resolution,
            resolvedBy: idOf(resolution.resolvedBy),
            resolvedAt: timeOf(resolution.resolvedAt),
          },
    createdAt: timeOf(dispute.createdAt),
    updatedAt: timeOf(dispute.updatedAt),
  }
}

export const statisticsView = z.object({
  total: z.number(),
  byStatusAndPriority: z.array(z.object({ status: text, priority: text, count: z.number() })),
  timeToResolve: z.array(z.object({ category: text, count: z.number(), meanMs: z.number() })),
})

export function statisticsViewOf(statistics: DisputeStatistics): z.output<typeof statisticsView> {
  const total = statistics.byStatusAndPriority.reduce((sum, { count }) => sum + count, 0)
  return { total, ...statistics }
}

/** In the order of time; entries without one keep their place before all others. */
function inOrder<Entry extends { at: Date | null }>(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((left, right) => (left.at?.getTime() ?? 0) - (right.at?.getTime() ?? 0))
}

function idOf(id: EntityId | null): string | null {
  return id === null ? null : publicId(id)
}

function timeOf(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}
