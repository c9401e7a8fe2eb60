import type { EntityId } from '../../platform/ids.ts'
import type { NewIssuedAddress, NewTrezorAccount, TrezorAccount, TrezorAccountPatch } from './model.ts'

/** Trezor accounts in one store. */
export interface TrezorRepository {
  find(id: EntityId): Promise<TrezorAccount | null>
  /** The active account of a person; where old data has several, the one with the lowest id. */
  findActive(userId: EntityId): Promise<TrezorAccount | null>
  /** The same, held until the transaction ends. */
  findActiveForUpdate(userId: EntityId): Promise<TrezorAccount | null>
  /** Everybody's accounts of this key, in the order of their ids. */
  listByXpub(xpub: string): Promise<TrezorAccount[]>
  /** The account that gave an address out for this payment. */
  findByPayment(paymentId: EntityId): Promise<TrezorAccount | null>
  /** Raises TREZOR_ACTIVE_EXISTS. */
  insert(account: NewTrezorAccount): Promise<void>
  /** Raises TREZOR_ACTIVE_EXISTS. */
  update(id: EntityId, patch: TrezorAccountPatch, at: Date): Promise<void>
  /** All active accounts of a person but this one become inactive. */
  deactivateOthers(userId: EntityId, except: EntityId | null, at: Date): Promise<void>
  /** Raises TREZOR_ADDRESS_TAKEN where the index, the address or the payment has been given out. */
  addAddress(id: EntityId, address: NewIssuedAddress): Promise<void>
}
