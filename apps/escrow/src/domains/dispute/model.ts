import type { EntityId } from '../../platform/ids.ts'
import type { Amount } from '../../platform/money.ts'
import type { Reference } from '../../platform/reference.ts'
import type { DisputeCategory, DisputePriority, EvidenceType, ResolutionAction } from './vocabulary.ts'

export interface Evidence {
  type: string | null
  url: string | null
  description: string | null
  uploadedBy: EntityId | null
  at: Date | null
}

export interface TimelineEntry {
  action: string | null
  /** Null where the system did it. */
  performedBy: EntityId | null
  details: string | null
  at: Date | null
}

export interface DisputeMessage {
  senderId: EntityId | null
  content: string | null
  at: Date | null
}

export interface Resolution {
  action: string | null
  /** Of the money in dispute; null where the action says it all. */
  amount: Amount | null
  currency: string | null
  notes: string | null
  resolvedBy: EntityId | null
  resolvedAt: Date | null
}

/** A dispute about a purchase request. Old ones may have words of their own where a vocabulary is closed. */
export interface Dispute {
  id: EntityId
  purchaseRequestId: EntityId | null
  buyerId: EntityId | null
  sellerId: EntityId | null
  /** Who of the staff has taken it. */
  adminId: EntityId | null
  openedBy: EntityId | null
  paymentId: EntityId | null
  reason: string | null
  description: string | null
  priority: string | null
  category: string | null
  status: string | null
  evidence: Evidence[]
  /** As stored: old ones are not always in the order of time. */
  timeline: TimelineEntry[]
  messages: DisputeMessage[]
  responseDeadline: Date | null
  deadline: Date | null
  resolution: Resolution | null
  chat: Reference | null
  createdAt: Date | null
  updatedAt: Date | null
}

export interface NewEvidence extends Evidence {
  type: EvidenceType
  url: string
}

/** What a new dispute is made of; it begins as pending. */
export interface NewDispute {
  id: EntityId
  purchaseRequestId: EntityId
  buyerId: EntityId
  sellerId: EntityId | null
  openedBy: EntityId
  paymentId: EntityId | null
  reason: string
  description: string
  priority: DisputePriority
  category: DisputeCategory
  evidence: NewEvidence[]
  timeline: TimelineEntry[]
  responseDeadline: Date
  deadline: Date
  at: Date
}

export interface NewResolution extends Resolution {
  action: ResolutionAction
  resolvedBy: EntityId
  resolvedAt: Date
}

/** Fields that a command may change; absent ones stay as they are. */
export interface DisputePatch {
  status?: string
  adminId?: EntityId
  responseDeadline?: Date
  resolution?: NewResolution
}

/** The lists of a dispute grow at their end. */
export interface DisputeElements {
  evidence: NewEvidence
  timeline: TimelineEntry
  messages: DisputeMessage
}

export interface DisputeFilter {
  purchaseRequestId?: EntityId
  /** As buyer or seller. */
  partyId?: EntityId
  adminId?: EntityId
  status?: string
  priority?: string
  category?: string
}

export interface StatusPriorityCount {
  status: string | null
  priority: string | null
  count: number
}

export interface TimeToResolve {
  category: string | null
  /** Disputes of which both ends are known. */
  count: number
  /** The mean, in whole milliseconds. */
  meanMs: number
}
