import { beforeAll, describe, expect, test } from 'vitest'
import { type Marketplace, newIntent, transfer } from '../../../testing/marketplace.ts'

/** What clients of the templates' API may rely on, whichever store the units are in. */
export function templateRoutesContract(freshMarket: () => Promise<Marketplace>): void {
  let market: Marketplace
  beforeAll(async () => {
    market = await freshMarket()
  })

  const path = '/api/marketplace/request-templates'
  const call: Marketplace['escrow']['call'] = (...parameters) => market.escrow.call(...parameters)
  const bySeller = (changes: object = {}) => ({
    token: market.seller.token,
    body: {
      title: 'shoes',
      description: 'good ones',
      categoryId: market.categoryId,
      budget: { max: '40' },
      proposal: 'the best',
      tags: ['new'],
      ...changes,
    },
  })
  const make = async (changes: object = {}) => (await call('POST', path, bySeller(changes))).body.data
  const checkout = (id: string, body: object = {}) =>
    call('POST', `${path}/${id}/checkout`, { token: market.buyer.token, body })

  describe('a seller', () => {
    test('makes a template, which has a link of its own', async () => {
      const one = await call('POST', path, bySeller({ deliveryInfo: { notes: 'by post', email: '' } }))
      expect(one.status).toBe(201)
      expect(one.body.data).toMatchObject({
        sellerId: market.seller.id,
        budget: { min: null, max: '40', currency: 'USDT' },
        quantity: 1,
        usageCount: 0,
        maxUsage: null,
        isActive: true,
        deliveryInfo: { deliveryType: 'physical', notes: 'by post', email: null },
        paymentConfig: { useShopDefault: true, allowedChains: [], allowedTokens: [] },
      })
      const { shareableLink, id } = one.body.data
      expect((await make()).shareableLink).not.toBe(shareableLink)
      expect((await call('GET', `${path}/link/${shareableLink}`)).body.data.id).toBe(id)
      expect((await call('GET', `${path}/link/nowhere`)).status).toBe(404)
    })

    test('names both chains and tokens, or takes the default of the shop', async () => {
      const wrong = await call('POST', path, bySeller({ paymentConfig: { allowedChains: [56] } }))
      expect(wrong).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
      const right = await make({ paymentConfig: { allowedChains: [56], allowedTokens: ['USDT'] } })
      expect(right.paymentConfig).toEqual({
        useShopDefault: false,
        allowedChains: [56],
        allowedTokens: ['USDT'],
      })
      const categoryId = market.buyer.id
      expect((await call('POST', path, bySeller({ categoryId }))).status).toBe(400)
    })

    test('changes and switches off their own, and nobody else does', async () => {
      const { id, shareableLink } = await make()
      const stranger = await market.escrow.tokenFor('seller')
      const body = { isActive: false }
      expect((await call('PATCH', `${path}/${id}`, { token: stranger, body })).status).toBe(404)
      const said = await call('PUT', `${path}/${id}`, bySeller({ title: 'boots', proposal: undefined }))
      expect(said.body.data).toMatchObject({ title: 'boots', proposal: null, shareableLink })
      expect((await call('PATCH', `${path}/${id}`, { token: market.seller.token, body: {} })).status).toBe(
        400,
      )
      const off = await call('DELETE', `${path}/${id}`, { token: market.seller.token })
      expect(off.body.data).toMatchObject({ title: 'boots', isActive: false })
      expect((await call('GET', `${path}/${id}`, { token: market.buyer.token })).status).toBe(404)
      expect((await call('GET', `${path}/${id}`, { token: market.seller.token })).status).toBe(200)
      expect((await call('GET', `${path}/link/${shareableLink}`)).status).toBe(404)
    })
  })

  test('everybody sees who has open templates, and which', async () => {
    const { id } = await make()
    const closed = await make({ isActive: false })
    const sellers = (await call('GET', `${path}/sellers?limit=100`)).body.data
    const line = sellers.items.find(({ sellerId }: { sellerId: string }) => sellerId === market.seller.id)
    expect(line.templates).toBeGreaterThan(0)
    expect(sellers.total).toBe(sellers.items.length)
    const open = (await call('GET', `${path}/sellers/${market.seller.id}?limit=100`)).body.data
    const ids = open.items.map((template: { id: string }) => template.id)
    expect(ids).toContain(id)
    expect(ids).not.toContain(closed.id)
    expect(open.total).toBe(line.templates)
    const own = (await call('GET', `${path}?limit=100`, { token: market.seller.token })).body.data
    expect(own.items.map((template: { id: string }) => template.id)).toContain(closed.id)
  })

  describe('a checkout', () => {
    test('makes a request that waits for its payment, with the seller’s offer', async () => {
      const template = await make({ deliveryInfo: { deliveryType: 'online' } })
      const made = await checkout(template.id, { address: { city: 'Tehran' }, email: 'me@example.com' })
      expect(made.status).toBe(201)
      const { request, sellerOfferId } = made.body.data
      expect(request).toMatchObject({
        buyerId: market.buyer.id,
        status: 'pending_payment',
        title: 'shoes',
        isPublic: false,
        templateId: template.id,
        preferredSellerIds: [market.seller.id],
        tags: ['new'],
        deliveryInfo: { deliveryType: 'online', address: { city: 'Tehran' }, email: 'me@example.com' },
        statusHistory: [{ from: null, to: 'pending_payment', reason: 'template checkout' }],
      })
      const offers = await call('GET', `/api/marketplace/purchase-requests/${request.id}/offers`, {
        token: market.buyer.token,
      })
      expect(JSON.stringify(offers.body.data)).toContain(sellerOfferId)
      const used = await call('GET', `${path}/${template.id}`, { token: market.buyer.token })
      expect(used.body.data.usageCount).toBe(1)
    })

    test('is paid like any other request', async () => {
      const { id } = await make()
      const { request, sellerOfferId } = (await checkout(id)).body.data
      const intent = await newIntent(market, request.id, sellerOfferId)
      await transfer(market, intent, { amount: '40000000000000000000' })
      await market.escrow.effects.deliverDue()
      const paid = await call('GET', `/api/marketplace/purchase-requests/${request.id}`, {
        token: market.buyer.token,
      })
      expect(paid.body.data).toMatchObject({ status: 'payment', selectedOfferId: sellerOfferId })
    })

    test('counts against the limit, however many come at once', async () => {
      const { id } = await make({ maxUsage: 2 })
      const answers = await Promise.all([1, 2, 3, 4].map(() => checkout(id)))
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409])
      expect(answers.find(({ status }) => status === 409)?.body.code).toBe('TEMPLATE_USED_UP')
      const used = await call('GET', `${path}/${id}`, { token: market.buyer.token })
      expect(used.body.data.usageCount).toBe(2)
    })

    test('is refused where the template is closed, over, without a price, or one’s own', async () => {
      const closed = await make({ isActive: false })
      const over = await make({ expiresAt: '2020-01-01T00:00:00.000Z' })
      const free = await make({ budget: {} })
      for (const { id } of [closed, over, free]) {
        expect(await checkout(id)).toMatchObject({ status: 409, body: { code: 'TEMPLATE_NOT_OPEN' } })
      }
      expect((await checkout(market.buyer.id)).status).toBe(404)
      const { id } = await make()
      const asSeller = { token: market.seller.token, body: {} }
      expect((await call('POST', `${path}/${id}/checkout`, asSeller)).status).toBe(403)
    })
  })
}
