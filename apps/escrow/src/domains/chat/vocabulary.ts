export const chatTypes = ['direct', 'group', 'support'] as const
export type ChatType = (typeof chatTypes)[number]

export const participantRoles = ['member', 'admin', 'owner'] as const
export type ParticipantRole = (typeof participantRoles)[number]

export const messageTypes = ['text', 'image', 'file', 'system'] as const
export type MessageType = (typeof messageTypes)[number]

/** What a chat may be about. */
export const relatedTypes = ['PurchaseRequest', 'SellerOffer', 'Transaction'] as const
export type RelatedType = (typeof relatedTypes)[number]
