import type { EntityId } from '../../../platform/ids.ts'
import type {
  DerivedDestination,
  DestinationFilter,
  DestinationKey,
  DestinationPatch,
  NewDestination,
  Sweep,
} from './model.ts'

/** Derived destinations in one store, and the counter that gives each its index. */
export interface DestinationRepository {
  /**
   * The next index of derivation: above every one that was ever given out. One that a failed transaction took may be
   * left out for ever, and is never given out twice.
   */
  nextIndex(): Promise<number>
  /** Raises DESTINATION_EXISTS where the key has a destination, DESTINATION_TAKEN where the index or address is used. */
  insert(destination: NewDestination): Promise<void>
  find(id: EntityId): Promise<DerivedDestination | null>
  /** Held until the transaction ends. */
  findForUpdate(id: EntityId): Promise<DerivedDestination | null>
  findByKey(key: DestinationKey): Promise<DerivedDestination | null>
  /** In the order of their index, those without one first. Reads only. */
  list(filter: DestinationFilter, page: { limit: number; offset: number }): Promise<DerivedDestination[]>
  count(filter: DestinationFilter): Promise<number>
  update(id: EntityId, patch: DestinationPatch, at: Date): Promise<void>
  addSweep(id: EntityId, sweep: { [Field in keyof Sweep]: NonNullable<Sweep[Field]> }): Promise<void>
}
