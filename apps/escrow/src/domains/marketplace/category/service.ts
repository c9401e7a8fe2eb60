import type { Clock } from '../../../platform/clock.ts'
import { notFound } from '../../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../../platform/ids.ts'
import type { CategoryRepositories, Units } from '../../../units.ts'
import { categoryInUse, categoryNameTaken, categoryParentInvalid } from './errors.ts'
import {
  type Category,
  type CategoryChanges,
  type CategoryNode,
  categoryTree,
  compareCategories,
  type NewCategory,
} from './model.ts'

export interface CategoryServiceOptions {
  units: Pick<Units, 'category'>
  clock: Clock
  /** Asks the owner of purchase requests whether a category is named there. */
  isNamedByRequests: (id: EntityId) => Promise<boolean>
}

export interface CategoryService {
  listActive(): Promise<Category[]>
  activeTree(): Promise<CategoryNode[]>
  /** Raises NOT_FOUND. */
  get(id: EntityId): Promise<Category>
  /** Raises CATEGORY_NAME_TAKEN, CATEGORY_PARENT_INVALID. */
  create(input: NewCategory): Promise<Category>
  /** Raises NOT_FOUND, CATEGORY_NAME_TAKEN, CATEGORY_PARENT_INVALID. */
  change(id: EntityId, changes: CategoryChanges): Promise<Category>
  /** Raises NOT_FOUND, CATEGORY_IN_USE. */
  remove(id: EntityId): Promise<void>
}

export function createCategoryService({
  units,
  clock,
  isNamedByRequests,
}: CategoryServiceOptions): CategoryService {
  const { category: store } = units

  async function listActive(): Promise<Category[]> {
    return (await store.read.categories.list({ activeOnly: true })).sort(compareCategories)
  }

  return {
    listActive,
    async activeTree() {
      return categoryTree(await listActive())
    },

    async get(id) {
      return (await store.read.categories.find(id)) ?? refuseUnknown(id)
    },

    create: (input) =>
      store.transaction(async ({ categories }) => {
        const now = clock.now()
        const category: Category = {
          ...input,
          id: newId(now),
          description: input.description ?? null,
          icon: input.icon ?? null,
          parentId: input.parentId ?? null,
          createdAt: now,
          updatedAt: now,
        }
        await assertFits(category, categories)
        await categories.insert(category)
        return category
      }),

    change: (id, changes) =>
      store.transaction(async ({ categories }) => {
        const before = (await categories.find(id)) ?? refuseUnknown(id)
        const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
        const category: Category = { ...before, ...given, updatedAt: clock.now() }
        await assertFits(category, categories)
        await categories.update(category)
        return category
      }),

    async remove(id) {
      if (await isNamedByRequests(id))
        throw categoryInUse('Purchase requests name this category. Deactivate it instead.')
      await store.transaction(async ({ categories }) => {
        if ((await categories.find(id)) === null) refuseUnknown(id)
        if (await categories.hasChildren(id)) throw categoryInUse('Move or delete its sub-categories first.')
        await categories.remove(id)
      })
    },
  }
}

/** The rules that Postgres enforces by itself and MongoDB does not: names are free, the parent exists, no circle. */
async function assertFits(category: Category, categories: CategoryRepositories['categories']): Promise<void> {
  const others = (await categories.list({ activeOnly: false })).filter((other) => other.id !== category.id)
  const clash = others.some(
    (other) =>
      (category.isActive && other.isActive && sameName(other.name, category.name)) ||
      (category.nameEn !== null && other.nameEn === category.nameEn),
  )
  if (clash) throw categoryNameTaken()
  const byId = new Map(others.map((other) => [other.id, other]))
  const seen = new Set<EntityId>()
  for (let up = category.parentId; up !== null && !seen.has(up); up = byId.get(up)?.parentId ?? null) {
    if (up === category.id) throw categoryParentInvalid('A category cannot stand under itself.')
    if (seen.size === 0 && !byId.has(up)) throw categoryParentInvalid('The parent category does not exist.')
    seen.add(up)
  }
}

function sameName(left: string | null, right: string | null): boolean {
  return left !== null && right !== null && left.trim().toLowerCase() === right.trim().toLowerCase()
}

function refuseUnknown(id: EntityId): never {
  throw notFound('category', publicId(id))
}
