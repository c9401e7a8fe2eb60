import { expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import type { UnitStore } from '../../../platform/unit-store.ts'
import type { CountStatements } from '../../../testing/counted-statements.ts'
import type { LevelRepositories } from '../../../units.ts'
import type { LevelConfig } from './model.ts'

type Store = UnitStore<LevelRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')

export function exampleLevel(level: number, changes: Partial<LevelConfig> = {}): LevelConfig {
  return {
    id: newId(),
    level,
    name: `سطح ${level}`,
    nameEn: `Level ${level}`,
    minPoints: level * 1000,
    maxPoints: (level + 1) * 1000,
    benefits: { discountPercent: 2.5, freeShipping: true },
    icon: 'solar:medal-star-bold',
    color: null,
    order: level,
    isActive: true,
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

export async function insertLevels(store: Store, ...all: LevelConfig[]): Promise<void> {
  await store.transaction(async ({ levels }) => {
    for (const one of all) await levels.insert(one)
  })
}

/** What every implementation of `LevelRepository` must do. */
export function levelRepositoryContract(
  freshStore: () => Promise<{ store: Store; count: CountStatements }>,
): void {
  test('a level comes back as it was stored, absent values included', async () => {
    const { store } = await freshStore()
    const full = exampleLevel(1)
    const bare = exampleLevel(2, { name: null, maxPoints: null, benefits: null, order: null, isActive: null })
    await insertLevels(store, full, bare)
    expect(await store.read.levels.find(full.id)).toEqual(full)
    expect(await store.read.levels.find(bare.id)).toEqual(bare)
    expect(await store.read.levels.find(newId())).toBeNull()
  })

  test('the list is one statement and leaves out what is not active when asked to', async () => {
    const { store, count } = await freshStore()
    const active = exampleLevel(1)
    await insertLevels(
      store,
      active,
      exampleLevel(2, { isActive: false }),
      exampleLevel(3, { isActive: null }),
    )
    expect(await store.read.levels.list({ activeOnly: true })).toEqual([active])
    expect(await count(() => store.read.levels.list({ activeOnly: false }))).toBe(1)
    expect(await store.read.levels.list({ activeOnly: false })).toHaveLength(3)
  })

  test('a number belongs to one level', async () => {
    const { store } = await freshStore()
    await insertLevels(store, exampleLevel(1))
    const twin = insertLevels(store, exampleLevel(1, { minPoints: 9000, maxPoints: null }))
    await expect(twin).rejects.toMatchObject({ code: 'LEVEL_TAKEN' })
  })

  test('an update replaces everything, and can take values away; a removed level is gone', async () => {
    const { store } = await freshStore()
    const before = exampleLevel(1)
    await insertLevels(store, before)
    const after = {
      ...before,
      name: null,
      minPoints: 1,
      maxPoints: null,
      benefits: { specialOffers: true },
      isActive: false,
      updatedAt: new Date(at.getTime() + 5),
    }
    await store.transaction(({ levels }) => levels.update(after))
    expect(await store.read.levels.find(before.id)).toEqual(after)
    await store.transaction(({ levels }) => levels.remove(before.id))
    expect(await store.read.levels.list({ activeOnly: false })).toEqual([])
  })
}
