import { z } from 'zod'
import { type EntityId, idSchema } from '../../../platform/ids.ts'

/** A category of goods. Old ones may lack anything but the id; null is "not there". */
export interface Category {
  id: EntityId
  name: string | null
  nameEn: string | null
  description: string | null
  icon: string | null
  isActive: boolean | null
  parentId: EntityId | null
  order: number | null
  createdAt: Date | null
  updatedAt: Date | null
}

export interface CategoryNode extends Category {
  children: CategoryNode[]
}

const name = z.string().trim().min(1).max(100)

export const newCategorySchema = z.object({
  name,
  nameEn: name,
  description: z.string().max(1000).nullish(),
  icon: z.string().max(200).nullish(),
  isActive: z.boolean().default(true),
  parentId: idSchema.nullish(),
  order: z.number().int().min(0).max(1_000_000).default(0),
})
export type NewCategory = z.output<typeof newCategorySchema>

/** No defaults here: what a change does not name stays as it is. */
export const categoryChangesSchema = z.object({
  name: name.optional(),
  nameEn: name.optional(),
  description: z.string().max(1000).nullish(),
  icon: z.string().max(200).nullish(),
  isActive: z.boolean().optional(),
  parentId: idSchema.nullish(),
  order: z.number().int().min(0).max(1_000_000).optional(),
})
export type CategoryChanges = z.output<typeof categoryChangesSchema>

/** The order in which people see categories; the id breaks ties, so that both stores answer alike. */
export function compareCategories(left: Category, right: Category): number {
  const byOrder = (left.order ?? 0) - (right.order ?? 0)
  if (byOrder !== 0) return byOrder
  const [leftName, rightName] = [left.name ?? '', right.name ?? '']
  if (leftName !== rightName) return leftName < rightName ? -1 : 1
  return left.id < right.id ? -1 : 1
}

/** The tree of what was given; a category whose parent is not among them stands at the top. */
export function categoryTree(categories: Category[]): CategoryNode[] {
  const nodes = new Map(
    categories.map((category) => [category.id, { ...category, children: [] as CategoryNode[] }]),
  )
  const top: CategoryNode[] = []
  for (const node of nodes.values()) {
    const parent = node.parentId === null ? undefined : nodes.get(node.parentId)
    // Old data may hold a circle; whoever closes it is shown at the top instead of vanishing with it.
    if (parent === undefined || closesCircle(node, nodes)) top.push(node)
    else parent.children.push(node)
  }
  return top
}

/** Whether going up from `node` comes back to it, and it is the one with the lowest id on the way. */
function closesCircle(node: Category, all: Map<EntityId, Category>): boolean {
  const seen = new Set<EntityId>([node.id])
  for (let up = node.parentId; up !== null; up = all.get(up)?.parentId ?? null) {
    if (up === node.id) return [...seen].every((id) => node.id <= id)
    if (seen.has(up)) return false
    seen.add(up)
  }
  return false
}
