import type { EntityId } from '../../../platform/ids.ts'
import type { Units } from '../../../units.ts'

export interface CategoryName {
  id: EntityId
  name: string | null
  nameEn: string | null
  isActive: boolean
}

/** What other domains may know of categories. */
export interface CategoryReadModel {
  /** Ids that do not exist are missing from the answer. */
  names(ids: EntityId[]): Promise<Map<EntityId, CategoryName>>
}

export function createCategoryReadModel(units: Pick<Units, 'category'>): CategoryReadModel {
  return {
    async names(ids) {
      const found = await units.category.read.categories.findMany([...new Set(ids)])
      return new Map(
        found.map(({ id, name, nameEn, isActive }) => [
          id,
          { id, name, nameEn, isActive: isActive === true },
        ]),
      )
    },
  }
}
