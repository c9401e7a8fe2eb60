import type { EntityId } from '../../../platform/ids.ts'
import type { ShopSettings } from './model.ts'

export interface ShopRepository {
  /** Of several (old data), the one with the lowest id. */
  findBySeller(sellerId: EntityId): Promise<ShopSettings | null>
  /** One statement however many; sellers without a shop are left out. */
  findBySellers(sellerIds: EntityId[]): Promise<ShopSettings[]>
  /** Reads a shop that this transaction is going to change; others wait or run again. */
  lockBySeller(sellerId: EntityId): Promise<ShopSettings | null>
  /** Raises SHOP_EXISTS. */
  insert(shop: ShopSettings): Promise<void>
  /** Replaces what is stored under the id. Raises SHOP_EXISTS. */
  update(shop: ShopSettings): Promise<void>
}
