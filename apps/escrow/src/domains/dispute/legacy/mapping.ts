import { defineMapping, json, objectId, reference, timestamp } from 'landbridge/mapping'
import { chats } from '../../chat/schema.ts'
import { purchaseRequests } from '../../marketplace/request/schema.ts'
import { payments } from '../../payment/schema.ts'
import { users } from '../../user/schema.ts'
import { disputes as table } from '../schema.ts'

const toUser = { to: () => users, orphan: 'keep' } as const

/** `disputes`. The lists are JSON; of the resolution only its time is a column. */
export const disputes = defineMapping({
  unit: 'dispute',
  collection: 'disputes',
  table,
  fields: {
    purchaseRequestId: objectId(table.purchaseRequestId, { to: () => purchaseRequests, orphan: 'keep' }),
    buyerId: objectId(table.buyerId, toUser),
    sellerId: objectId(table.sellerId, toUser),
    adminId: objectId(table.adminId, toUser),
    openedBy: objectId(table.openedBy, toUser),
    paymentId: objectId(table.paymentId, { to: () => payments, orphan: 'keep' }),
    evidence: json(table.evidence, { types: { '*.uploadedBy': 'objectId', '*.at': 'date' } }),
    timeline: json(table.timeline, { types: { '*.performedBy': 'objectId', '*.at': 'date' } }),
    messages: json(table.messages, { types: { '*.senderId': 'objectId', '*.at': 'date' } }),
    'resolution.resolvedAt': timestamp(table.resolvedAt),
    resolution: json(table.resolution, { types: { resolvedBy: 'objectId' } }),
    chatId: reference(table, 'chat', { to: () => chats, orphan: 'keep' }),
  },
  // Old data has requests with two open disputes: the later ones keep their status in `extra`.
  uniques: { disputes_open_key: { paths: ['status'], outcome: 'extra' } },
})
