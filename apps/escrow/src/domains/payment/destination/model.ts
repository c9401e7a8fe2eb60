import type { EntityId } from '../../../platform/ids.ts'
import type { Reference } from '../../../platform/reference.ts'
import type { DestinationStatus } from './vocabulary.ts'

/** Money that was taken from a derived address to the master wallet. */
export interface Sweep {
  txHash: string | null
  /** Base units of the token, as text. */
  amount: string | null
  at: Date | null
}

/**
 * The address that one buyer pays one offer to, on one chain. Old documents may have words of their own as status, and
 * sweeps that were added up twice.
 */
export interface DerivedDestination {
  id: EntityId
  buyerId: EntityId | null
  seller: Reference | null
  sellerOffer: Reference | null
  chainId: number | null
  address: string | null
  derivationIndex: number | null
  path: string | null
  status: DestinationStatus | (string & {}) | null
  /** Base units, as text. */
  lastBalance: string | null
  sweeps: Sweep[]
  createdAt: Date | null
  updatedAt: Date | null
}

/** What a destination is found by: it is allocated once. */
export interface DestinationKey {
  buyerId: EntityId
  sellerOffer: Reference
  chainId: number
}

export interface NewDestination extends DestinationKey {
  id: EntityId
  seller: Reference
  address: string
  derivationIndex: number
  path: string
  at: Date
}

/** Fields that a command may change; absent ones stay as they are. */
export interface DestinationPatch {
  status?: DestinationStatus
  lastBalance?: string
}

export interface DestinationFilter {
  status?: string
  chainId?: number
}
