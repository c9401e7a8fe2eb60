import { defineMapping, objectId, rows } from 'landbridge/mapping'
import { payments } from '../../payment/schema.ts'
import { users } from '../../user/schema.ts'
import { trezorAccounts as table, trezorAddresses } from '../schema.ts'

/** `trezoraccounts`, with the addresses in a table of their own. */
export const trezorAccounts = defineMapping({
  unit: 'trezor',
  collection: 'trezoraccounts',
  table,
  fields: { userId: objectId(table.userId, { to: () => users, orphan: 'keep' }) },
  children: {
    addresses: rows(trezorAddresses, {
      fields: { paymentId: objectId(trezorAddresses.paymentId, { to: () => payments, orphan: 'keep' }) },
    }),
  },
  uniques: {
    trezor_accounts_active_key: { paths: ['isActive'], outcome: 'extra' },
    trezor_addresses_index_key: { paths: ['addresses.index'], outcome: 'extra' },
    trezor_addresses_address_key: { paths: ['addresses.address'], outcome: 'extra' },
    trezor_addresses_payment_key: { paths: ['addresses.paymentId'], outcome: 'extra' },
  },
})
