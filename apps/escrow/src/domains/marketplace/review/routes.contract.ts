import { beforeAll, describe, expect, test } from 'vitest'
import { newId, parseId, publicId } from '../../../platform/ids.ts'
import { signUp } from '../../../testing/escrow-app.ts'
import { type Marketplace, marketplace, newRequest, paidRequest } from '../../../testing/marketplace.ts'
import type { Units } from '../../../units.ts'
import { exampleTemplate } from '../template/repository.contract.ts'
import { createReviewReadModel } from './read-model.ts'

const path = '/api/marketplace/reviews'

/** What clients of the review API may rely on, whichever store the units are in. */
export function reviewRoutesContract(freshUnits: () => Promise<Units>): void {
  let market: Marketplace
  let seller: { id: string; token: string }
  beforeAll(async () => {
    market = await marketplace(await freshUnits())
    const { id, accessToken } = await signUp(market.escrow, { role: 'seller' })
    seller = { id, token: accessToken }
  })

  const call: Marketplace['escrow']['call'] = (method, url, options) =>
    market.escrow.call(method, url, options)
  const review = (token: string, fields: object = {}) => {
    const body = { subjectType: 'seller', subjectId: seller.id, rating: 5, ...fields }
    return call('POST', path, { token, body })
  }
  const newBuyer = async () => (await signUp(market.escrow)).accessToken
  const listOf = async (id: string, query = '') =>
    (await call('GET', `${path}/seller/${id}${query}`)).body.data

  async function completedRequest(): Promise<string> {
    const { requestId } = await paidRequest(market)
    const url = `/api/marketplace/purchase-requests/${requestId}`
    await call('PUT', `${url}/delivery`, { token: market.seller.token, body: {} })
    await call('POST', `${url}/confirm-delivery`, { token: market.buyer.token })
    const { body } = await call('POST', `${url}/complete`, { token: market.buyer.token })
    expect(body.data.status).toBe('completed')
    return requestId
  }

  describe('reviews', () => {
    test('a review is there at once, with the name of its writer and the average', async () => {
      const token = await newBuyer()
      const first = await review(token, { rating: 4, comment: ' good ' })
      expect([first.status, first.body.data]).toMatchObject([
        201,
        { rating: 4, comment: 'good', isVerifiedBuyer: false, status: 'published', purchaseRequestId: null },
      ])
      expect((await review(token)).body.code).toBe('REVIEW_EXISTS')
      market.escrow.clock.advance(1000)
      const second = (await review(await newBuyer())).body.data
      expect(await listOf(seller.id, '?limit=1')).toMatchObject({
        reviews: [{ id: second.id, reviewer: { id: second.reviewerId } }],
        averageRating: 4.5,
        totalReviews: 2,
        distribution: [0, 0, 0, 1, 1],
        total: 2,
      })
      const sellerId = parseId(seller.id)
      expect(await createReviewReadModel(market.units).ratings('seller', [sellerId, newId()])).toEqual(
        new Map([[sellerId, { average: 4.5, count: 2, distribution: [0, 0, 0, 1, 1] }]]),
      )
    })

    test('who has completed a purchase from the seller is a verified buyer', async () => {
      const subjectId = market.seller.id
      const open = await newRequest(market)
      const named = (purchaseRequestId: string) =>
        review(market.buyer.token, { subjectId, purchaseRequestId })
      expect((await named(open)).body.code).toBe('REVIEW_REQUEST_INVALID')
      expect((await named(publicId(newId()))).body.code).toBe('REVIEW_REQUEST_INVALID')
      const requestId = await completedRequest()
      const { body } = await review(market.buyer.token, { subjectId })
      expect(body.data).toMatchObject({ isVerifiedBuyer: true, purchaseRequestId: requestId })
    })

    test('the owner of the shop decides whether it is reviewed, and nobody reviews themselves', async () => {
      expect((await review(seller.token)).body.code).toBe('REVIEW_OF_ONESELF')
      const shut = await signUp(market.escrow, { role: 'seller' })
      const body = { name: 'Shut', allowSellerReviews: false }
      await call('PUT', '/api/marketplace/shop', { token: shut.accessToken, body })
      const refused = await review(await newBuyer(), { subjectId: shut.id })
      expect(refused).toMatchObject({ status: 403, body: { code: 'REVIEWS_CLOSED' } })
    })

    test('a template is reviewed apart from its seller', async () => {
      const template = exampleTemplate({ sellerId: parseId(seller.id), at: market.escrow.clock.now() })
      await market.units.request.transaction(({ templates }) =>
        templates.insert({ ...template, categoryId: parseId(market.categoryId) }),
      )
      const subject = { subjectType: 'template', subjectId: publicId(template.id) }
      const { body } = await review(await newBuyer(), { ...subject, rating: 3 })
      expect(body.data).toMatchObject({ ...subject, sellerId: seller.id, rating: 3 })
      const list = await call('GET', `${path}/template/${subject.subjectId}`)
      expect(list.body.data).toMatchObject({ averageRating: 3, totalReviews: 1 })
      expect((await review(seller.token, subject)).body.code).toBe('REVIEW_OF_ONESELF')
    })

    test('only sellers and templates that exist are reviewed, from one to five', async () => {
      const { id, accessToken: token } = await signUp(market.escrow)
      expect((await review(await newBuyer(), { subjectId: id })).status).toBe(404)
      expect((await review(token, { subjectId: publicId(newId()) })).status).toBe(404)
      expect((await review(token, { subjectType: 'template' })).status).toBe(404)
      for (const rating of [0, 6, 4.5]) {
        expect((await review(token, { rating })).body.code).toBe('VALIDATION_FAILED')
      }
      expect((await review('')).status).toBe(401)
      expect((await call('GET', `${path}/shop/${seller.id}`)).status).toBe(400)
    })

    test('the writer changes or removes it, an administrator hides it', async () => {
      const token = await newBuyer()
      const subject = (await signUp(market.escrow, { role: 'seller' })).id
      const { id } = (await review(token, { subjectId: subject })).body.data
      const other = await newBuyer()
      const change = (by: string) => call('PUT', `${path}/${id}`, { token: by, body: { rating: 1 } })
      expect((await change(other)).status).toBe(403)
      expect((await change(token)).body.data).toMatchObject({ rating: 1, comment: '' })
      const hide = (by: string) =>
        call('PATCH', `${path}/${id}/status`, { token: by, body: { status: 'rejected' } })
      expect((await hide(token)).status).toBe(403)
      expect((await hide(market.admin.token)).body.data.status).toBe('rejected')
      expect(await listOf(subject)).toMatchObject({ reviews: [], averageRating: null, totalReviews: 0 })
      expect((await call('DELETE', `${path}/${id}`, { token: other })).status).toBe(403)
      expect((await call('DELETE', `${path}/${id}`, { token })).status).toBe(200)
      expect((await call('DELETE', `${path}/${id}`, { token })).status).toBe(404)
    })
  })
}
