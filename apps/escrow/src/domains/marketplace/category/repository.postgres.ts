import { eq, inArray } from 'drizzle-orm'
import { bornAt } from '../../../platform/columns.ts'
import type { Database } from '../../../platform/database.ts'
import { keptText, withoutKept } from '../../../platform/extra.ts'
import { foreignKeyViolation, postgresErrorOf, violates } from '../../../platform/postgres-error.ts'
import { categoryInUse, categoryNameTaken, categoryParentInvalid } from './errors.ts'
import type { Category } from './model.ts'
import type { CategoryRepository } from './repository.ts'
import { categories } from './schema.ts'

export function createCategoryRepository(db: Database): CategoryRepository {
  return {
    async list({ activeOnly }) {
      const rows = await db
        .select()
        .from(categories)
        .where(activeOnly ? eq(categories.isActive, true) : undefined)
        .orderBy(categories.id)
      return rows.map(categoryOf)
    },

    async find(id) {
      const [row] = await db.select().from(categories).where(eq(categories.id, id))
      return row === undefined ? null : categoryOf(row)
    },

    async findMany(ids) {
      if (ids.length === 0) return []
      return (await db.select().from(categories).where(inArray(categories.id, ids))).map(categoryOf)
    },

    async hasChildren(id) {
      const found = await db
        .select({ id: categories.id })
        .from(categories)
        .where(eq(categories.parentId, id))
        .limit(1)
      return found.length > 0
    },

    async insert(category) {
      const at = category.createdAt ?? new Date()
      const row = { ...bornAt(category.id, at), ...category }
      await db.insert(categories).values(row).catch(refuseWrite)
    },

    async update({ id, ...changes }) {
      const cleared = Object.entries(changes).flatMap(([path, value]) => (value === null ? [path] : []))
      const extra = withoutKept(categories.extra, cleared)
      await db
        .update(categories)
        .set({ ...changes, extra })
        .where(eq(categories.id, id))
        .catch(refuseWrite)
    },

    async remove(id) {
      await db
        .delete(categories)
        .where(eq(categories.id, id))
        .catch((error: unknown) => {
          if (postgresErrorOf(error)?.code !== foreignKeyViolation) throw error
          throw categoryInUse('Something still refers to this category. Deactivate it instead.', error)
        })
    },
  }
}

function refuseWrite(error: unknown): never {
  if (violates(error, 'categories_name_en_key') || violates(error, 'categories_active_name_key')) {
    throw categoryNameTaken(error)
  }
  if (violates(error, 'categories_parent_id_categories_id_fk')) {
    throw categoryParentInvalid('The parent category does not exist.', error)
  }
  if (violates(error, 'categories_no_circle')) {
    throw categoryParentInvalid('A category cannot stand under itself.', error)
  }
  throw error
}

export function categoryOf(row: typeof categories.$inferSelect): Category {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    name: text(row.name, 'name'),
    nameEn: text(row.nameEn, 'nameEn'),
    description: text(row.description, 'description'),
    icon: text(row.icon, 'icon'),
    isActive: row.isActive,
    parentId: row.parentId,
    order: row.order,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
