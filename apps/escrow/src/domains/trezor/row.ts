import { keptText, keptValue } from '../../platform/extra.ts'
import type { IssuedAddress, TrezorAccount } from './model.ts'
import type { trezorAccounts, trezorAddresses } from './schema.ts'

export type TrezorAccountRow = typeof trezorAccounts.$inferSelect
export type TrezorAddressRow = typeof trezorAddresses.$inferSelect

/** The account that its rows tell; where a column is null, what the row keeps beside it is shown. */
export function accountOf(row: TrezorAccountRow, addresses: TrezorAddressRow[]): TrezorAccount {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    id: row.id,
    userId: row.userId,
    xpub: shown(row.xpub, 'xpub'),
    xpubFingerprint: shown(row.xpubFingerprint, 'xpubFingerprint'),
    basePath: shown(row.basePath, 'basePath'),
    registrationAddress: shown(row.registrationAddress, 'registrationAddress'),
    nextAddressIndex: row.nextAddressIndex,
    addresses: addresses.map(addressOf),
    deviceLabel: shown(row.deviceLabel, 'deviceLabel'),
    // A second active account of a person lost its column, not its state.
    isActive: row.isActive ?? (keptValue(row.extra, 'isActive') === true ? true : null),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

function addressOf(row: TrezorAddressRow): IssuedAddress {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    index: row.index,
    address: shown(row.address, 'address'),
    path: shown(row.path, 'path'),
    purpose: shown(row.purpose, 'purpose'),
    paymentId: row.paymentId,
    issuedAt: row.issuedAt,
  }
}
