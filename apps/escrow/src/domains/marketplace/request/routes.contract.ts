import { beforeAll, describe, expect, test } from 'vitest'
import { parseId } from '../../../platform/ids.ts'
import { signUp } from '../../../testing/escrow-app.ts'
import {
  type Marketplace,
  newOffer,
  newRequest,
  paidRequest,
  signInAgain,
} from '../../../testing/marketplace.ts'

/** What clients of requests, offers and delivery may rely on, whichever store the units are in. */
export function requestRoutesContract(freshMarket: () => Promise<Marketplace>): void {
  let market: Marketplace
  beforeAll(async () => {
    market = await freshMarket()
  })

  const path = (id: string, action = '') => `/api/marketplace/purchase-requests/${id}${action}`
  const call: Marketplace['escrow']['call'] = (...parameters) => market.escrow.call(...parameters)
  const asBuyer = (url: string, body?: object) => call('POST', url, { token: market.buyer.token, body })
  const asSeller = (url: string, body?: object) => call('POST', url, { token: market.seller.token, body })
  const seen = async (id: string, token = market.buyer.token) =>
    (await call('GET', path(id), { token })).body.data
  const otherSeller = async () => (await signUp(market.escrow, { role: 'seller' })).accessToken
  const offersOn = async (id: string) =>
    (await call('GET', path(id, '/offers'), { token: market.buyer.token })).body.data

  describe('requests', () => {
    test('a new request has its defaults and its history', async () => {
      const id = await newRequest(market, { tags: ['new'], budget: { min: '1.50', max: '20' } })
      expect(await seen(id)).toMatchObject({
        buyerId: market.buyer.id,
        status: 'pending',
        urgency: 'medium',
        quantity: 1,
        isPublic: true,
        budget: { min: '1.5', max: '20', currency: 'USDT' },
        tags: ['new'],
        statusHistory: [{ from: null, to: 'pending', by: market.buyer.id }],
      })
    })

    test('what makes no sense is refused with its path', async () => {
      const { categoryId, buyer } = market
      const body = { title: 't', description: 'd', categoryId, budget: { min: '5', max: '4' } }
      const answer = await call('POST', '/api/marketplace/purchase-requests', { token: buyer.token, body })
      expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
      expect(answer.body.errors[0].path).toBe('body.budget.min')
      const nowhere = await call('POST', '/api/marketplace/purchase-requests', {
        token: buyer.token,
        body: { title: 't', description: 'd', categoryId: buyer.id },
      })
      expect(nowhere.body.errors[0].path).toBe('body.categoryId')
    })

    test('sellers find open requests, and see hidden ones only when named', async () => {
      const open = await newRequest(market)
      const hidden = await newRequest(market, { isPublic: false })
      const naming = await newRequest(market, { isPublic: false, preferredSellerIds: [market.seller.id] })
      const { seller } = market
      const url = `/api/marketplace/purchase-requests?limit=100&sellerId=${seller.id}`
      const { body } = await call('GET', url, { token: seller.token })
      const ids = body.data.items.map(({ id }: { id: string }) => id)
      expect(ids).toEqual(expect.arrayContaining([open, naming]))
      expect(ids).not.toContain(hidden)
      expect((await call('GET', path(hidden), { token: seller.token })).status).toBe(404)
      expect((await call('GET', url, { token: market.buyer.token })).status).toBe(403)
    })

    test('the address is for the seller whose offer was taken', async () => {
      const address = { city: 'Tehran', street: 'Azadi 1' }
      const id = await newRequest(market, { deliveryInfo: { address } })
      const offerId = await newOffer(market, id)
      expect((await seen(id, market.seller.token)).deliveryInfo.address).toBeNull()
      await asBuyer(`/api/marketplace/offers/${offerId}/accept`)
      expect((await seen(id, market.seller.token)).deliveryInfo.address).toEqual(address)
      expect((await seen(id)).deliveryInfo.address).toEqual(address)
    })

    test('cancelling ends the request and its offers together', async () => {
      const id = await newRequest(market)
      await newOffer(market, id)
      const cancelled = await asBuyer(path(id, '/cancel'), { reason: 'changed my mind' })
      expect(cancelled.body.data).toMatchObject({ status: 'cancelled' })
      expect(await offersOn(id)).toMatchObject([{ status: 'rejected' }])
      expect(await asBuyer(path(id, '/cancel'), {})).toMatchObject({
        status: 409,
        body: { code: 'REQUEST_MOVE_REFUSED' },
      })
    })

    test('an administrator sets a status aside of its usual movers, and has to say why', async () => {
      const { admin } = market
      const asAdmin = (method: 'POST' | 'PATCH', url: string, body: object) =>
        call(method, url, { token: admin.token, body })
      const id = await newRequest(market)
      await newOffer(market, id)
      expect((await asAdmin('POST', path(id, '/cancel'), {})).body.errors[0].path).toBe('body.reason')
      expect((await asAdmin('PATCH', path(id, '/status'), { status: 'cancelled' })).status).toBe(400)
      expect(
        (await asAdmin('PATCH', path(id, '/status'), { status: 'payment', reason: 'why not' })).status,
      ).toBe(400)
      const body = { status: 'cancelled', reason: 'forbidden goods' }
      const byBuyer = await call('PATCH', path(id, '/status'), { token: market.buyer.token, body })
      expect(byBuyer.status).toBe(403)
      expect((await asAdmin('PATCH', path(id, '/status'), body)).body.data).toMatchObject({
        status: 'cancelled',
        selectedOfferId: null,
      })
      expect((await seen(id)).statusHistory.at(-1)).toMatchObject({
        from: 'received_offers',
        to: 'cancelled',
        by: admin.id,
        reason: 'forbidden goods',
      })
      expect(await offersOn(id)).toMatchObject([{ status: 'rejected' }])
    })

    test('nobody overrides what was paid for', async () => {
      const { requestId } = await paidRequest(market)
      for (const status of ['cancelled', 'pending', 'received_offers']) {
        const body = { status, reason: 'forbidden goods' }
        const answer = await call('PATCH', path(requestId, '/status'), { token: market.admin.token, body })
        expect(answer).toMatchObject({ status: 409, body: { code: 'REQUEST_MOVE_REFUSED' } })
      }
      expect(await seen(requestId)).toMatchObject({ status: 'payment' })
    })

    test('nobody cancels what was paid for', async () => {
      const { requestId } = await paidRequest(market)
      expect(await asBuyer(path(requestId, '/cancel'), {})).toMatchObject({ status: 409 })
      expect(await seen(requestId)).toMatchObject({ status: 'payment' })
    })
  })

  describe('offers', () => {
    test('the first offer moves the request; a seller has one at a time', async () => {
      const id = await newRequest(market)
      await newOffer(market, id)
      expect(await seen(id)).toMatchObject({ status: 'received_offers' })
      await expect(newOffer(market, id)).rejects.toThrow('OFFER_EXISTS')
      await newOffer(market, id, { token: await otherSeller() })
      expect(await offersOn(id)).toHaveLength(2)
    })

    test('sellers see their own offers only', async () => {
      const id = await newRequest(market)
      const own = await newOffer(market, id)
      await newOffer(market, id, { token: await otherSeller() })
      const { body } = await call('GET', path(id, '/offers'), { token: market.seller.token })
      expect(body.data.map((offer: { id: string }) => offer.id)).toEqual([own])
    })

    test('one offer is taken, the others are rejected; two calls at once take one', async () => {
      const id = await newRequest(market)
      const offers = [await newOffer(market, id), await newOffer(market, id, { token: await otherSeller() })]
      const answers = await Promise.all(
        offers.map((offerId) => asBuyer(`/api/marketplace/offers/${offerId}/accept`)),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
      const statuses = (await offersOn(id)).map(({ status }: { status: string }) => status)
      expect(statuses.sort()).toEqual(['accepted', 'rejected'])
    })

    test('a withdrawn offer cannot be taken, and nobody withdraws for another', async () => {
      const id = await newRequest(market)
      const offerId = await newOffer(market, id)
      const stranger = await call('POST', `/api/marketplace/offers/${offerId}/withdraw`, {
        token: await otherSeller(),
      })
      expect(stranger.status).toBe(404)
      expect((await asSeller(`/api/marketplace/offers/${offerId}/withdraw`)).status).toBe(200)
      const late = await asBuyer(`/api/marketplace/offers/${offerId}/accept`)
      expect(late).toMatchObject({ status: 409, body: { code: 'OFFER_NOT_OPEN' } })
    })
  })

  describe('delivery', () => {
    async function shipped(): Promise<string> {
      const { requestId } = await paidRequest(market)
      const body = { carrier: 'Post', trackingNumber: '12345' }
      await call('PUT', path(requestId, '/delivery'), { token: market.seller.token, body })
      return requestId
    }

    test('only the seller whose offer was taken ships', async () => {
      const { requestId } = await paidRequest(market)
      const stranger = await call('PUT', path(requestId, '/delivery'), {
        token: await otherSeller(),
        body: {},
      })
      expect(stranger.status).toBe(403)
      const answer = await call('PUT', path(requestId, '/delivery'), { token: market.seller.token, body: {} })
      expect(answer.body.data).toMatchObject({ status: 'delivery', trackingEvents: [{ status: 'shipped' }] })
    })

    test("the buyer's code delivers, once", async () => {
      const id = await shipped()
      const { code } = (await asBuyer(path(id, '/delivery-code/generate'))).body.data
      expect(code).toMatch(/^\d{6}$/)
      const wrong = code === '123456' ? '654321' : '123456'
      const refused = await asSeller(path(id, '/delivery-code/verify'), { code: wrong })
      expect(refused).toMatchObject({ status: 400, body: { code: 'DELIVERY_CODE_WRONG' } })
      const done = await asSeller(path(id, '/delivery-code/verify'), { code })
      expect(done.body.data).toMatchObject({ status: 'delivered' })
      const stored = await market.units.request.read.requests.find(parseId(id))
      expect(stored?.deliveryAttempts.map(({ success }) => success)).toEqual([false, true])
      expect(JSON.stringify(stored)).not.toContain(`"${code}"`)
      const again = await asSeller(path(id, '/delivery-code/verify'), { code })
      expect(again).toMatchObject({ status: 409 })
    })

    test('a code runs out after seven days, and ten attempts are enough', async () => {
      const id = await shipped()
      await asBuyer(path(id, '/delivery-code/generate'))
      for (let i = 0; i < 10; i += 1) {
        const answer = await asSeller(path(id, '/delivery-code/verify'), { code: `00000${i}` })
        expect(answer.status).toBe(400)
      }
      const { code } = (await asBuyer(path(id, '/delivery-code/generate'))).body.data
      const blocked = await asSeller(path(id, '/delivery-code/verify'), { code })
      expect(blocked).toMatchObject({ status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } })
      market.escrow.clock.advance(7 * 24 * 3_600_000)
      await signInAgain(market)
      const late = await asSeller(path(id, '/delivery-code/verify'), { code })
      expect(late).toMatchObject({ status: 409, body: { code: 'DELIVERY_CODE_UNUSABLE' } })
    })

    test('a completed request earns the buyer points, once', async () => {
      const points = async () =>
        (await call('GET', '/api/points/my-points', { token: market.buyer.token })).body.data.balance
      const before = await points()
      const id = await shipped()
      const early = await asBuyer(path(id, '/complete'))
      expect(early).toMatchObject({ status: 409, body: { code: 'REQUEST_MOVE_REFUSED' } })
      await asBuyer(path(id, '/confirm-delivery'))
      expect((await asBuyer(path(id, '/complete'))).body.data).toMatchObject({ status: 'completed' })
      await market.escrow.effects.deliverDue()
      await market.escrow.effects.deliverDue()
      expect(await points()).toBe(before + 100)
      const history = (await seen(id)).statusHistory.map(({ to }: { to: string }) => to)
      expect(history).toEqual([
        'pending',
        'received_offers',
        'payment',
        'delivery',
        'delivered',
        'confirming',
        'completed',
      ])
    })
  })
}
