/** The closed vocabularies of disputes. Old data knows more words than these; they are kept in `extra`. */

export const disputePriorities = ['low', 'medium', 'high', 'urgent'] as const

export const disputeCategories = [
  'product_quality',
  'delivery_delay',
  'wrong_item',
  'payment_issue',
  'seller_behavior',
  'other',
] as const

export const disputeStatuses = [
  'pending',
  'in_progress',
  'waiting_response',
  'resolved',
  'rejected',
  'closed',
  'withdrawn',
] as const

export const evidenceTypes = ['image', 'document', 'screenshot', 'video'] as const

export const resolutionActions = [
  'refund',
  'replacement',
  'compensation',
  'warning_seller',
  'ban_seller',
  'no_action',
] as const

/** Where a row was born: rules that old data cannot meet bind only those of the application. */
export const disputeOrigins = ['legacy', 'app'] as const

export type DisputePriority = (typeof disputePriorities)[number]
export type DisputeCategory = (typeof disputeCategories)[number]
export type DisputeStatus = (typeof disputeStatuses)[number]
export type EvidenceType = (typeof evidenceTypes)[number]
export type ResolutionAction = (typeof resolutionActions)[number]
