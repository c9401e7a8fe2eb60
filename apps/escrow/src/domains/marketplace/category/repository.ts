import type { EntityId } from '../../../platform/ids.ts'
import type { Category } from './model.ts'

export interface CategoryRepository {
  /** In the order of ids, so that both stores answer alike. */
  list(filter: { activeOnly: boolean }): Promise<Category[]>
  find(id: EntityId): Promise<Category | null>
  findMany(ids: EntityId[]): Promise<Category[]>
  hasChildren(id: EntityId): Promise<boolean>
  /** Raises CATEGORY_NAME_TAKEN, CATEGORY_PARENT_INVALID (no such parent, or a circle). */
  insert(category: Category): Promise<void>
  /** Replaces what is stored under the id. Raises the same as `insert`. */
  update(category: Category): Promise<void>
  /** Raises CATEGORY_IN_USE while something refers to it. */
  remove(id: EntityId): Promise<void>
}
