import type { EntityId } from '../../platform/ids.ts'

/** An address of an account, given out for one purpose. */
export interface IssuedAddress {
  index: number | null
  address: string | null
  path: string | null
  purpose: string | null
  /** The payment that it was given out for: a payment has one address. */
  paymentId: EntityId | null
  issuedAt: Date | null
}

/** Somebody's Trezor, known by its public key alone. Old documents may lack anything but the id. */
export interface TrezorAccount {
  id: EntityId
  userId: EntityId | null
  xpub: string | null
  xpubFingerprint: string | null
  basePath: string | null
  /** The one at `0/0`, which signs for the account. */
  registrationAddress: string | null
  nextAddressIndex: number | null
  addresses: IssuedAddress[]
  deviceLabel: string | null
  isActive: boolean | null
  createdAt: Date | null
  updatedAt: Date | null
}

export interface NewTrezorAccount {
  id: EntityId
  userId: EntityId
  xpub: string
  xpubFingerprint: string
  basePath: string
  registrationAddress: string
  deviceLabel: string | null
  at: Date
}

export interface NewIssuedAddress extends IssuedAddress {
  index: number
  address: string
  path: string
  purpose: string
  issuedAt: Date
}

/** Fields that a command may change; absent ones stay as they are. */
export interface TrezorAccountPatch {
  isActive?: boolean
  deviceLabel?: string
  nextAddressIndex?: number
}

/** The index that comes next: old counters may stand below what was given out. 0 is the registration address. */
export function nextIndexOf({ nextAddressIndex, addresses }: TrezorAccount): number {
  return Math.max(1, nextAddressIndex ?? 1, ...addresses.map(({ index }) => (index ?? 0) + 1))
}
