import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../../platform/ids.ts'
import { type Category, type CategoryNode, categoryTree, compareCategories } from './model.ts'

function category(id: EntityId, parentId: EntityId | null, changes: Partial<Category> = {}): Category {
  const nothing = {
    nameEn: null,
    description: null,
    icon: null,
    isActive: true,
    createdAt: null,
    updatedAt: null,
  }
  return { ...nothing, id, name: null, parentId, order: null, ...changes }
}

const count = (nodes: CategoryNode[]): number =>
  nodes.reduce((sum, { children }) => sum + 1 + count(children), 0)

test('a circle in old data loses nobody', () => {
  const [a, b, c, outside] = [newId(), newId(), newId(), newId()]
  const tree = categoryTree([category(a, b), category(b, c), category(c, a), category(outside, b)])
  expect(count(tree)).toBe(4)
  expect(tree.map(({ id }) => id)).toEqual([a])
})

test('a category whose parent is not shown stands at the top', () => {
  const [child, self] = [newId(), newId()]
  const tree = categoryTree([category(child, newId()), category(self, self)])
  expect(tree.map(({ id }) => id)).toEqual([child, self])
})

test('order, then name, then id', () => {
  const [first, second] = [newId(), newId()]
  const all = [
    category(second, null, { order: 1, name: 'a' }),
    category(first, null, { order: 1, name: 'a' }),
    category(newId(), null, { order: 0, name: 'z' }),
    category(newId(), null, { name: null }),
  ]
  const sorted = all.toSorted(compareCategories)
  expect(sorted.map(({ name }) => name)).toEqual([null, 'z', 'a', 'a'])
  expect(sorted.slice(2).map(({ id }) => id)).toEqual([first, second])
})
