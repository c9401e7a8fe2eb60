import { beforeAll, describe, expect, test } from 'vitest'
import { publicId } from '../../../platform/ids.ts'
import { signUp } from '../../../testing/escrow-app.ts'
import { exampleUser } from '../../../testing/example-user.ts'
import { type Marketplace, marketplace, paidRequest } from '../../../testing/marketplace.ts'
import type { Units } from '../../../units.ts'

const path = '/api/marketplace/sellers'

/** What clients of the seller directory may rely on, whichever store the units are in. */
export function sellerRoutesContract(freshUnits: () => Promise<Units>): void {
  let market: Marketplace
  beforeAll(async () => {
    market = await marketplace(await freshUnits())
  })

  const call: Marketplace['escrow']['call'] = (method, url, options) =>
    market.escrow.call(method, url, options)
  const entryOf = async (id: string) => {
    const { items } = (await call('GET', `${path}?limit=100`)).body.data
    return items.find((item: { id: string }) => item.id === id)
  }

  async function completeOrder(): Promise<void> {
    const { requestId } = await paidRequest(market)
    const url = `/api/marketplace/purchase-requests/${requestId}`
    await call('PUT', `${url}/delivery`, { token: market.seller.token, body: {} })
    await call('POST', `${url}/confirm-delivery`, { token: market.buyer.token })
    await call('POST', `${url}/complete`, { token: market.buyer.token })
  }

  describe('the seller directory', () => {
    test('a seller stands in it from the start, with nothing to show yet', async () => {
      const { id } = await signUp(market.escrow, { role: 'seller' })
      expect(await entryOf(id)).toMatchObject({
        id,
        shop: null,
        rating: { average: null, count: 0, distribution: [0, 0, 0, 0, 0] },
        completedOrders: 0,
      })
      expect(await entryOf(market.buyer.id)).toBeUndefined()
    })

    test('shop, ratings and completed orders are those of the seller', async () => {
      const { seller, buyer } = market
      await paidRequest(market)
      await completeOrder()
      const shop = { name: 'کتاب‌فروشی', avatar: '/uploads/shop.png' }
      await call('PUT', '/api/marketplace/shop', { token: seller.token, body: shop })
      for (const [token, rating] of [
        [buyer.token, 5],
        [(await signUp(market.escrow)).accessToken, 4],
      ] as const) {
        const body = { subjectType: 'seller', subjectId: seller.id, rating }
        await call('POST', '/api/marketplace/reviews', { token, body })
      }
      const entry = await entryOf(seller.id)
      expect(entry).toMatchObject({
        shop,
        rating: { average: 4.5, count: 2, distribution: [0, 0, 0, 1, 1] },
        completedOrders: 1,
      })
      expect(Object.keys(entry)).not.toContain('email')

      const hidden = { ...shop, isPublic: false }
      await call('PUT', '/api/marketplace/shop', { token: seller.token, body: hidden })
      expect(await entryOf(seller.id)).toMatchObject({ shop: null, completedOrders: 1 })
    })

    test('who is suspended or deleted is left out; pages follow each other', async () => {
      const gone = ['suspended', 'deleted'].map((status) => exampleUser({ status }))
      await market.units.user.transaction(async ({ users }) => {
        for (const user of gone) await users.insert(user)
      })
      for (const { id } of gone) expect(await entryOf(publicId(id))).toBeUndefined()
      const { items, total } = (await call('GET', `${path}?limit=100`)).body.data
      expect(items).toHaveLength(total)
      const second = (await call('GET', `${path}?limit=1&page=2`)).body.data
      expect(second).toEqual({ items: [items[1]], total })
      expect((await call('GET', `${path}?limit=101`)).status).toBe(400)
    })
  })
}
