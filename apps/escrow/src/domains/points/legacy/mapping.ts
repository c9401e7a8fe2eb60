import { defineMapping, objectId, reference } from 'landbridge/mapping'
import { purchaseRequests } from '../../marketplace/request/schema.ts'
import { users } from '../../user/schema.ts'
import { pointTransactions as table } from '../schema.ts'

const toUser = { to: () => users, orphan: 'keep' } as const

/** `pointtransactions`: entries are inserted and compared, never changed. */
export const pointTransactions = defineMapping({
  unit: 'user',
  collection: 'pointtransactions',
  table,
  appendOnly: true,
  fields: {
    user: objectId(table.userId, toUser),
    referredUser: objectId(table.referredUser, toUser),
    // A request's id, by convention only: nothing in the database holds it to one.
    order: reference(table, 'order', { to: () => purchaseRequests, orphan: 'keep' }),
  },
  uniques: {
    point_transactions_one_earn_per_order: { paths: ['order'], outcome: 'quarantine' },
    point_transactions_one_referral_earn: { paths: ['referredUser'], outcome: 'quarantine' },
  },
})
