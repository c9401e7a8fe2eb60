import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../../platform/ids.ts'
import type { UnitStore } from '../../../platform/unit-store.ts'
import type { CountStatements } from '../../../testing/counted-statements.ts'
import type { ShopRepositories } from '../../../units.ts'
import type { ShopSettings } from './model.ts'

type Store = UnitStore<ShopRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')

export function exampleShop(sellerId: EntityId, changes: Partial<ShopSettings> = {}): ShopSettings {
  return {
    id: newId(),
    sellerId,
    name: 'فروشگاه 🛍',
    description: '',
    avatar: '/uploads/a.png',
    coverImage: null,
    isPublic: true,
    allowSellerReviews: false,
    allowTemplateReviews: true,
    socialLinks: { instagram: 'https://instagram.com/x', facebook: '' },
    allowedChains: [56, 1],
    allowedTokens: ['USDT'],
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

async function insert(store: Store, ...all: ShopSettings[]): Promise<void> {
  await store.transaction(async ({ shops }) => {
    for (const one of all) await shops.insert(one)
  })
}

export interface ShopStore {
  store: Store
  makeSeller: () => Promise<EntityId>
  count: CountStatements
}

/** What every implementation of `ShopRepository` must do. */
export function shopRepositoryContract(freshStore: () => Promise<ShopStore>): void {
  test('a shop comes back as it was stored, absent values included', async () => {
    const { store, makeSeller } = await freshStore()
    const [full, bare] = [await makeSeller(), await makeSeller()]
    const shops = [
      exampleShop(full),
      exampleShop(bare, {
        name: null,
        description: null,
        avatar: null,
        isPublic: null,
        allowSellerReviews: null,
        allowTemplateReviews: null,
        socialLinks: null,
        allowedChains: null,
        allowedTokens: null,
      }),
    ]
    await insert(store, ...shops)
    expect(await store.read.shops.findBySeller(full)).toEqual(shops[0])
    expect(await store.read.shops.findBySeller(bare)).toEqual(shops[1])
    expect(await store.read.shops.findBySeller(newId())).toBeNull()
  })

  test('a seller has one shop', async () => {
    const { store, makeSeller } = await freshStore()
    const seller = await makeSeller()
    await insert(store, exampleShop(seller))
    await expect(insert(store, exampleShop(seller))).rejects.toMatchObject({ code: 'SHOP_EXISTS' })
  })

  test('shops of many sellers come with one statement', async () => {
    const { store, makeSeller, count } = await freshStore()
    const sellers = [await makeSeller(), await makeSeller(), await makeSeller()]
    await insert(store, ...sellers.map((seller) => exampleShop(seller)))
    const find = (ids: EntityId[]) => store.read.shops.findBySellers(ids)
    expect(new Set((await find([...sellers, newId()])).map(({ sellerId }) => sellerId))).toEqual(
      new Set(sellers),
    )
    expect(await count(() => find(sellers.slice(0, 1)))).toBe(1)
    expect(await count(() => find(sellers))).toBe(1)
    expect(await find([])).toEqual([])
  })

  test('an update replaces everything, and can take values away', async () => {
    const { store, makeSeller } = await freshStore()
    const before = exampleShop(await makeSeller())
    await insert(store, before)
    const after = {
      ...before,
      name: 'other',
      avatar: null,
      isPublic: false,
      socialLinks: { twitter: 'https://x.com/y' },
      allowedChains: null,
      allowedTokens: ['USDC', 'USDT'] as ShopSettings['allowedTokens'],
      updatedAt: new Date(at.getTime() + 5),
    }
    await store.transaction(async ({ shops }) => {
      expect(await shops.lockBySeller(before.sellerId ?? newId())).toEqual(before)
      await shops.update(after)
    })
    expect(await store.read.shops.findBySeller(before.sellerId ?? newId())).toEqual(after)
  })
}
