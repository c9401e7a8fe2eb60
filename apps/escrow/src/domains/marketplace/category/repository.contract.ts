import { expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import type { UnitStore } from '../../../platform/unit-store.ts'
import type { CountStatements } from '../../../testing/counted-statements.ts'
import type { CategoryRepositories } from '../../../units.ts'
import type { Category } from './model.ts'

type Store = UnitStore<CategoryRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')

/** A category of today's form; names are unique by the id. */
export function exampleCategory(changes: Partial<Category> = {}): Category {
  const id = newId()
  return {
    id,
    name: `name ${id}`,
    nameEn: `en ${id}`,
    description: null,
    icon: 'solar:bag',
    isActive: true,
    parentId: null,
    order: 3,
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

async function insert(store: Store, ...all: Category[]): Promise<void> {
  await store.transaction(async ({ categories }) => {
    for (const one of all) await categories.insert(one)
  })
}

/** What every implementation of `CategoryRepository` must do. */
export function categoryRepositoryContract(freshStore: () => Promise<Store>, count: CountStatements): void {
  test('a category comes back as it was stored, absent values included', async () => {
    const store = await freshStore()
    const parent = exampleCategory({ description: 'فروشگاه 🛍' })
    const child = exampleCategory({ parentId: parent.id, icon: null, isActive: false, order: 0 })
    await insert(store, parent, child)
    expect(await store.read.categories.find(parent.id)).toEqual(parent)
    expect(await store.read.categories.find(child.id)).toEqual(child)
    expect(await store.read.categories.find(newId())).toBeNull()
  })

  test('the list leaves out what is not active when asked to', async () => {
    const store = await freshStore()
    const active = exampleCategory()
    const inactive = exampleCategory({ isActive: false })
    const unknown = exampleCategory({ isActive: null })
    await insert(store, active, inactive, unknown)
    expect(await store.read.categories.list({ activeOnly: true })).toEqual([active])
    expect(await store.read.categories.list({ activeOnly: false })).toHaveLength(3)
  })

  test('many are found at once; unknown ids are left out', async () => {
    const store = await freshStore()
    const [one, two] = [exampleCategory(), exampleCategory()]
    await insert(store, one, two)
    const found = await store.read.categories.findMany([two.id, newId(), one.id])
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set([one.id, two.id]))
    expect(await store.read.categories.findMany([])).toEqual([])
  })

  test('an update replaces everything, and can take values away', async () => {
    const store = await freshStore()
    const before = exampleCategory({ description: 'old' })
    await insert(store, before)
    const after = {
      ...before,
      name: 'new name',
      description: null,
      isActive: false,
      updatedAt: new Date(at.getTime() + 5),
    }
    await store.transaction(({ categories }) => categories.update(after))
    expect(await store.read.categories.find(before.id)).toEqual(after)
  })

  test('children are seen, and a removed category is gone', async () => {
    const store = await freshStore()
    const parent = exampleCategory()
    const child = exampleCategory({ parentId: parent.id })
    await insert(store, parent, child)
    expect(await store.read.categories.hasChildren(parent.id)).toBe(true)
    await store.transaction(({ categories }) => categories.remove(child.id))
    expect(await store.read.categories.hasChildren(parent.id)).toBe(false)
    expect(await store.read.categories.find(child.id)).toBeNull()
  })

  test('what a failed transaction wrote is not there', async () => {
    const store = await freshStore()
    const lost = exampleCategory()
    const failing = store.transaction(async ({ categories }) => {
      await categories.insert(lost)
      expect(await categories.find(lost.id)).toEqual(lost)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await store.read.categories.find(lost.id)).toBeNull()
  })

  test('what it asks its store does not grow with the number of categories', async () => {
    const store = await freshStore()
    const all = Array.from({ length: 9 }, () => exampleCategory())
    await insert(store, ...all.slice(0, 1))
    const ids = all.map(({ id }) => id)
    const { categories } = store.read
    const counts = async () => [
      await count(() => categories.list({ activeOnly: false })),
      await count(() => categories.findMany(ids)),
    ]
    expect(await counts()).toEqual([1, 1])
    await insert(store, ...all.slice(1))
    expect(await counts()).toEqual([1, 1])
  })
}
