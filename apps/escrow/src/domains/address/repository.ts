import type { EntityId } from '../../platform/ids.ts'
import type { Address, AddressChanges } from './model.ts'

/** Addresses in one store. */
export interface AddressRepository {
  /** Raises PRIMARY_ADDRESS_TAKEN, as `update` does: demote the others first. */
  insert(address: Address): Promise<void>
  find(id: EntityId): Promise<Address | null>
  /** All of a person, ordered by id. */
  listOf(userId: EntityId): Promise<Address[]>
  /** What the change does not name stays as it is, also what is kept of an old address; null takes a value away. */
  update(id: EntityId, changes: AddressChanges, at: Date): Promise<void>
  /**
   * Whatever is primary of this person, but for `except`, is not any more. Until the transaction ends nobody else
   * changes which one is, where the store can hold that back.
   */
  demoteOthers(userId: EntityId, except: EntityId, at: Date): Promise<void>
  remove(id: EntityId): Promise<void>
}
