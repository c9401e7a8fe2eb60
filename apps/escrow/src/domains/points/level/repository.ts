import type { EntityId } from '../../../platform/ids.ts'
import type { LevelConfig } from './model.ts'

export interface LevelRepository {
  /** In the order of ids, so that both stores answer alike. */
  list(filter: { activeOnly: boolean }): Promise<LevelConfig[]>
  find(id: EntityId): Promise<LevelConfig | null>
  /** Raises LEVEL_TAKEN, LEVEL_RANGE_OVERLAPS. */
  insert(level: LevelConfig): Promise<void>
  /** Replaces what is stored under the id. Raises the same as `insert`. */
  update(level: LevelConfig): Promise<void>
  remove(id: EntityId): Promise<void>
}
