import { beforeAll, describe, expect, test } from 'vitest'
import { parseId } from '../../platform/ids.ts'
import {
  type Marketplace,
  newIntent,
  newOffer,
  newRequest,
  paidRequest,
  signInAgain,
  transfer,
} from '../../testing/marketplace.ts'

/** What clients of the payment API may rely on, whichever store the units are in. */
export function paymentRoutesContract(freshMarket: () => Promise<Marketplace>): void {
  let market: Marketplace
  beforeAll(async () => {
    market = await freshMarket()
  })

  const call: Marketplace['escrow']['call'] = (...parameters) => market.escrow.call(...parameters)
  const deliver = () => market.escrow.effects.deliverDue()
  const payment = async (id: string) =>
    (await call('GET', `/api/payment/${id}`, { token: market.admin.token })).body.data
  const request = async (id: string) =>
    (await call('GET', `/api/marketplace/purchase-requests/${id}`, { token: market.buyer.token })).body.data
  /** The effect that waits in the outbox. */
  const unsent = async (type: string, key: string) => {
    const pending = await market.units.payment.read.effects.pending(100, market.escrow.clock.now())
    const found = pending.find((effect) => effect.type === type && effect.key === key)
    if (found === undefined) throw new Error(`No ${type} of ${key} waits.`)
    return found.id
  }
  const asAdmin = (path: string, body: object = {}) => call('POST', path, { token: market.admin.token, body })
  const kinds = async (id: string) => {
    const entries = await market.units.payment.read.ledger.entriesOf(parseId(id))
    return entries.map(({ kind, amount }) => `${kind} ${amount}`)
  }

  /** A request that was paid and delivered: its money may be released. */
  async function deliveredPayment(): Promise<{ requestId: string; paymentId: string }> {
    const paid = await paidRequest(market)
    const path = `/api/marketplace/purchase-requests/${paid.requestId}`
    await call('PUT', `${path}/delivery`, { token: market.seller.token, body: {} })
    await call('POST', `${path}/confirm-delivery`, { token: market.buyer.token })
    await deliver()
    return paid
  }

  /** The first intent ran out, the second one bought the offer: the money of the first, `spare`, is on its way back. */
  async function paidTwice() {
    const requestId = await newRequest(market)
    const offerId = await newOffer(market, requestId)
    const spare = await newIntent(market, requestId, offerId)
    market.escrow.clock.advance(61 * 60_000)
    await signInAgain(market)
    const paymentId = await newIntent(market, requestId, offerId)
    await transfer(market, paymentId)
    await deliver()
    await transfer(market, spare)
    await deliver()
    await deliver()
    expect(await payment(spare)).toMatchObject({ escrowState: 'refunding' })
    return { requestId, offerId, paymentId, spare }
  }

  describe('intents', () => {
    test('the same offer gives the same open intent, its price frozen', async () => {
      const requestId = await newRequest(market)
      const offerId = await newOffer(market, requestId, { amount: '12.5' })
      const body = { purchaseRequestId: requestId, sellerOfferId: offerId }
      const first = await call('POST', '/api/payment/intents', { token: market.buyer.token, body })
      const second = await call('POST', '/api/payment/intents', { token: market.buyer.token, body })
      expect(first.status).toBe(201)
      expect(first.body.data).toMatchObject({
        amount: { amount: '12.5', currency: 'USDT' },
        status: 'pending',
      })
      expect(second.status).toBe(200)
      expect(second.body.data).toMatchObject({ intentId: first.body.data.intentId, reused: true })
    })

    test('five calls at once give one intent', async () => {
      const requestId = await newRequest(market)
      const offerId = await newOffer(market, requestId)
      const ids = await Promise.all([1, 2, 3, 4, 5].map(() => newIntent(market, requestId, offerId)))
      expect(new Set(ids).size).toBe(1)
    })

    test('an intent that ran out makes room for a new one', async () => {
      const requestId = await newRequest(market)
      const offerId = await newOffer(market, requestId)
      const old = await newIntent(market, requestId, offerId)
      market.escrow.clock.advance(61 * 60_000)
      await signInAgain(market)
      const young = await newIntent(market, requestId, offerId)
      expect(young).not.toBe(old)
      expect(await payment(old)).toMatchObject({ status: 'expired' })
    })

    test('nobody pays for another buyer, nor for an offer that is gone', async () => {
      const requestId = await newRequest(market)
      const offerId = await newOffer(market, requestId)
      const body = { purchaseRequestId: requestId, sellerOfferId: offerId }
      const stranger = await call('POST', '/api/payment/intents', {
        token: await market.escrow.tokenFor('buyer'),
        body,
      })
      expect(stranger.status).toBe(404)
      await call('POST', `/api/marketplace/offers/${offerId}/withdraw`, { token: market.seller.token })
      const late = await call('POST', '/api/payment/intents', { token: market.buyer.token, body })
      expect(late).toMatchObject({ status: 409, body: { code: 'NOT_PAYABLE', success: false } })
    })
  })

  describe('the webhook', () => {
    test('a confirmed transfer funds the payment, accepts the offer and moves the request', async () => {
      const requestId = await newRequest(market)
      const offerId = await newOffer(market, requestId)
      const paymentId = await newIntent(market, requestId, offerId)
      expect(await transfer(market, paymentId)).toMatchObject({
        status: 200,
        body: { data: { duplicate: false, credited: true, status: 'confirmed', matching: 'exact' } },
      })
      await deliver()
      expect(await payment(paymentId)).toMatchObject({ escrowState: 'funded', receivedAmount: '100' })
      const request = await call('GET', `/api/marketplace/purchase-requests/${requestId}`, {
        token: market.buyer.token,
      })
      expect(request.body.data).toMatchObject({ status: 'payment', selectedOfferId: offerId })
      expect(await kinds(paymentId)).toEqual(['payin 100'])
    })

    test('the same transfer again is a duplicate, however often and at once', async () => {
      const requestId = await newRequest(market)
      const paymentId = await newIntent(market, requestId, await newOffer(market, requestId))
      const same = { txHash: '0xABCDEF', blockNumber: 7 }
      const answers = await Promise.all([1, 2, 3, 4].map(() => transfer(market, paymentId, same)))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
      expect(answers.filter(({ body }) => body.data.credited)).toHaveLength(1)
      expect(answers.filter(({ body }) => body.data.duplicate)).toHaveLength(3)
      const lower = await transfer(market, paymentId, { ...same, txHash: '0xabcdef' })
      expect(lower.body.data).toMatchObject({ duplicate: true })
      expect(await kinds(paymentId)).toEqual(['payin 100'])
    })

    test('a transfer credits one payment only', async () => {
      const [one, two] = [await newRequest(market), await newRequest(market)]
      const first = await newIntent(market, one, await newOffer(market, one))
      const second = await newIntent(market, two, await newOffer(market, two))
      await transfer(market, first, { txHash: '0xfeed' })
      const stolen = await transfer(market, second, { txHash: '0xfeed' })
      expect(stolen).toMatchObject({ status: 409, body: { code: 'TRANSACTION_ALREADY_CREDITED' } })
      expect(await payment(second)).toMatchObject({ status: 'pending', escrowState: 'none' })
    })

    test('a wrong signature changes nothing', async () => {
      const requestId = await newRequest(market)
      const paymentId = await newIntent(market, requestId, await newOffer(market, requestId))
      const answer = await transfer(market, paymentId, {}, '0'.repeat(64))
      expect(answer).toMatchObject({ status: 401, body: { code: 'WEBHOOK_SIGNATURE_INVALID' } })
      expect(await payment(paymentId)).toMatchObject({ status: 'pending' })
    })

    test('too few confirmations are only seen; another token is unmatched', async () => {
      const requestId = await newRequest(market)
      const paymentId = await newIntent(market, requestId, await newOffer(market, requestId))
      const fake = await transfer(market, paymentId, { token: '0x0000000000000000000000000000000000000bad' })
      expect(fake.body.data).toMatchObject({ credited: false, matching: 'unmatched', status: 'pending' })
      const early = await transfer(market, paymentId, { txHash: '0xearly', confirmations: 12 })
      expect(early.body.data).toMatchObject({ credited: false, status: 'processing' })
      const enough = await transfer(market, paymentId, { txHash: '0xearly' })
      expect(enough.body.data).toMatchObject({ credited: true, duplicate: false, status: 'confirmed' })
    })

    test('an administrator may ask for more confirmations', async () => {
      const requestId = await newRequest(market)
      const paymentId = await newIntent(market, requestId, await newOffer(market, requestId))
      const ask = (confirmations: number) =>
        call('PATCH', '/api/admin/settings/confirmation-thresholds', {
          token: market.admin.token,
          body: { thresholds: { 56: confirmations }, reason: 'blocks were lost' },
        })
      await ask(900)
      const seen = await transfer(market, paymentId, { txHash: '0xfew', confirmations: 899 })
      expect(seen.body.data).toMatchObject({ credited: false, status: 'processing' })
      const enough = await transfer(market, paymentId, { txHash: '0xfew', confirmations: 900 })
      expect(enough.body.data).toMatchObject({ credited: true, status: 'confirmed' })
      await ask(200)
    })

    test('too little is kept but buys nothing until the rest comes', async () => {
      const requestId = await newRequest(market)
      const paymentId = await newIntent(market, requestId, await newOffer(market, requestId))
      const part = { amount: '40000000000000000000' }
      expect((await transfer(market, paymentId, part)).body.data).toMatchObject({ matching: 'under' })
      await deliver()
      const status = async () =>
        (await call('GET', `/api/marketplace/purchase-requests/${requestId}`, { token: market.buyer.token }))
          .body.data.status
      expect(await status()).toBe('received_offers')
      const rest = { amount: '60000000000000000000' }
      expect((await transfer(market, paymentId, rest)).body.data).toMatchObject({ matching: 'exact' })
      await deliver()
      expect(await status()).toBe('payment')
    })

    test('money for an intent that ran out is late, and still buys what is there', async () => {
      const requestId = await newRequest(market)
      const offerId = await newOffer(market, requestId)
      const old = await newIntent(market, requestId, offerId)
      market.escrow.clock.advance(61 * 60_000)
      await signInAgain(market)
      await newIntent(market, requestId, offerId)
      expect((await transfer(market, old)).body.data).toMatchObject({ matching: 'late', status: 'confirmed' })
      await deliver()
      const request = await call('GET', `/api/marketplace/purchase-requests/${requestId}`, {
        token: market.buyer.token,
      })
      expect(request.body.data).toMatchObject({ status: 'payment', selectedOfferId: offerId })
    })

    test('money for an offer that was withdrawn goes back', async () => {
      const requestId = await newRequest(market)
      const offerId = await newOffer(market, requestId)
      const paymentId = await newIntent(market, requestId, offerId)
      await call('POST', `/api/marketplace/offers/${offerId}/withdraw`, { token: market.seller.token })
      await transfer(market, paymentId)
      await deliver()
      await deliver()
      expect(await payment(paymentId)).toMatchObject({ escrowState: 'refunding', status: 'confirmed' })
      const entries = await market.units.payment.read.ledger.entriesOf(parseId(paymentId))
      expect(entries.find(({ kind }) => kind === 'refund_init')?.reason).toBe('the offer is withdrawn')
      const paid = await asAdmin(`/api/payment/${paymentId}/refund/confirm`, { transactionHash: '0xback' })
      expect(paid.body.data).toMatchObject({ escrowState: 'refunded', status: 'refunded' })
    })
  })

  describe('release and refund', () => {
    test('a release takes 2.5 percent, is confirmed by its transaction, and pays the seller', async () => {
      const { requestId, paymentId } = await deliveredPayment()
      expect(await payment(paymentId)).toMatchObject({ escrowState: 'releasable' })
      await call('POST', `/api/marketplace/purchase-requests/${requestId}/complete`, {
        token: market.buyer.token,
      })
      const started = await asAdmin(`/api/payment/${paymentId}/release`)
      expect(started.body.data.instruction).toMatchObject({ amount: '97.5', fee: '2.5', currency: 'USDT' })
      const done = await asAdmin(`/api/payment/${paymentId}/release/confirm`, { transactionHash: '0xout1' })
      expect(done.body.data).toMatchObject({ escrowState: 'released', status: 'completed' })
      const again = await asAdmin(`/api/payment/${paymentId}/release/confirm`, { transactionHash: '0xout1' })
      expect(again.status).toBe(200)
      expect(await kinds(paymentId)).toEqual([
        'payin 100',
        'platform_fee 2.5',
        'release_init 97.5',
        'release_confirm 97.5',
      ])
      await deliver()
      const request = await call('GET', `/api/marketplace/purchase-requests/${requestId}`, {
        token: market.buyer.token,
      })
      expect(request.body.data.status).toBe('seller_paid')
    })

    test('a release that failed gives the fee back and can be tried again', async () => {
      const { paymentId } = await deliveredPayment()
      await asAdmin(`/api/payment/${paymentId}/release`)
      const failed = await asAdmin(`/api/payment/${paymentId}/release/confirm`, {
        failed: true,
        reason: 'no gas',
      })
      expect(failed.body.data).toMatchObject({ escrowState: 'releasable', status: 'confirmed' })
      const again = await asAdmin(`/api/payment/${paymentId}/release`)
      expect(again.body.data.instruction).toMatchObject({ amount: '97.5', fee: '2.5' })
      await asAdmin(`/api/payment/${paymentId}/release/confirm`, { transactionHash: '0xsecond' })
      expect(await kinds(paymentId)).toEqual([
        'payin 100',
        'platform_fee 2.5',
        'release_init 97.5',
        'release_fail 97.5',
        'reversal 2.5',
        'platform_fee 2.5',
        'release_init 97.5',
        'release_confirm 97.5',
      ])
    })

    test('a refund that failed falls back to where it began', async () => {
      const { paymentId } = await deliveredPayment()
      await asAdmin(`/api/payment/${paymentId}/refund`, { amount: '30' })
      const outcome = { failed: true, reason: 'wrong address' }
      const failed = await asAdmin(`/api/payment/${paymentId}/refund/confirm`, outcome)
      expect(failed.body.data).toMatchObject({ escrowState: 'releasable' })
      expect(await kinds(paymentId)).toEqual(['payin 100', 'refund_init 30', 'refund_fail 30'])
      const early = await paidRequest(market)
      await asAdmin(`/api/payment/${early.paymentId}/refund`)
      const back = await asAdmin(`/api/payment/${early.paymentId}/refund/confirm`, outcome)
      expect(back.body.data).toMatchObject({ escrowState: 'funded' })
    })

    test('money that comes after the end waits for a decision', async () => {
      const { paymentId } = await paidRequest(market)
      await asAdmin(`/api/payment/${paymentId}/refund`)
      await asAdmin(`/api/payment/${paymentId}/refund/confirm`, { transactionHash: '0xall' })
      const more = await transfer(market, paymentId, { amount: '5000000000000000000' })
      expect(more.body.data).toMatchObject({ credited: true, matching: 'over', status: 'refunded' })
      expect(await payment(paymentId)).toMatchObject({ escrowState: 'partial', receivedAmount: '105' })
      const again = await asAdmin(`/api/payment/${paymentId}/refund`)
      expect(again.body.data.instruction).toMatchObject({ amount: '5' })
    })

    test('a full refund cancels the request, once the money is back', async () => {
      const { requestId, offerId, paymentId } = await paidRequest(market)
      await asAdmin(`/api/payment/${paymentId}/refund`, { reason: 'sold elsewhere' })
      await deliver()
      expect(await request(requestId)).toMatchObject({ status: 'payment', selectedOfferId: offerId })
      for (let time = 0; time < 2; time += 1) {
        const outcome = { transactionHash: `0xfull${requestId}` }
        expect((await asAdmin(`/api/payment/${paymentId}/refund/confirm`, outcome)).status).toBe(200)
        await deliver()
      }
      const cancelled = await request(requestId)
      expect(cancelled).toMatchObject({ status: 'cancelled', selectedOfferId: null })
      expect(cancelled.statusHistory.slice(-2)).toMatchObject([
        { to: 'payment' },
        { from: 'payment', to: 'cancelled', by: market.admin.id, reason: 'sold elsewhere' },
      ])
      const offer = await market.units.request.read.offers.find(parseId(offerId))
      expect(offer?.status).toBe('rejected')
    })

    test('a full refund of what was shipped leaves the request, and the effect says so', async () => {
      const { requestId, paymentId } = await deliveredPayment()
      await asAdmin(`/api/payment/${paymentId}/refund`)
      await asAdmin(`/api/payment/${paymentId}/refund/confirm`, { transactionHash: `0xlate${requestId}` })
      const sent = await unsent('refund.confirmed', paymentId)
      await deliver()
      expect(await market.units.request.read.effects.received(sent)).toMatchObject({
        outcome: 'refused',
        reason: 'the purchase request is delivered',
      })
      expect(await request(requestId)).toMatchObject({ status: 'delivered' })
    })

    test('a part that goes back, and money that was never taken, leave the request', async () => {
      const part = await paidRequest(market)
      await asAdmin(`/api/payment/${part.paymentId}/refund`, { amount: '30' })
      await asAdmin(`/api/payment/${part.paymentId}/refund/confirm`, {
        transactionHash: `0xpart${part.requestId}`,
      })
      const { requestId, spare } = await paidTwice()
      const outcome = { failed: true, reason: 'no gas' }
      await asAdmin(`/api/payment/${spare}/refund/confirm`, outcome)
      await asAdmin(`/api/payment/${spare}/refund`)
      const back = await asAdmin(`/api/payment/${spare}/refund/confirm`, {
        transactionHash: `0xtwice${requestId}`,
      })
      expect(back.body.data).toMatchObject({ status: 'refunded' })
      await deliver()
      for (const id of [part.requestId, requestId])
        expect(await request(id)).toMatchObject({ status: 'payment' })
    })

    test('money that is on its way back, never taken, does not keep a refunded request', async () => {
      const { requestId, offerId, paymentId, spare } = await paidTwice()
      await asAdmin(`/api/payment/${paymentId}/refund`)
      await asAdmin(`/api/payment/${paymentId}/refund/confirm`, { transactionHash: `0xone${requestId}` })
      await deliver()
      expect(await request(requestId)).toMatchObject({ status: 'cancelled' })
      const back = await asAdmin(`/api/payment/${spare}/refund/confirm`, {
        transactionHash: `0xother${requestId}`,
      })
      expect(back.body.data).toMatchObject({ status: 'refunded' })
      const offer = await market.units.request.read.offers.find(parseId(offerId))
      expect(offer?.status).toBe('rejected')
    })

    test('nothing is released before delivery, nor more than there is, nor twice', async () => {
      const early = await paidRequest(market)
      const refused = await asAdmin(`/api/payment/${early.paymentId}/release`)
      expect(refused).toMatchObject({ status: 409, body: { code: 'ESCROW_MOVE_REFUSED' } })
      const { paymentId } = await deliveredPayment()
      const tooMuch = await asAdmin(`/api/payment/${paymentId}/release`, { amount: '100.000001' })
      expect(tooMuch).toMatchObject({ status: 409, body: { code: 'INSUFFICIENT_AVAILABLE' } })
      const starts = await Promise.all([
        asAdmin(`/api/payment/${paymentId}/release`),
        asAdmin(`/api/payment/${paymentId}/refund`),
        asAdmin(`/api/payment/${paymentId}/release`),
      ])
      expect(starts.map(({ status }) => status).sort()).toEqual([200, 409, 409])
      const amounts = (await kinds(paymentId)).slice(1).join(' ')
      expect(['platform_fee 2.5 release_init 97.5', 'refund_init 100']).toContain(amounts)
    })

    test('a part goes back, the rest is released: together all that came', async () => {
      const { paymentId } = await deliveredPayment()
      await asAdmin(`/api/payment/${paymentId}/refund`, { amount: '20', reason: 'scratched' })
      const part = await asAdmin(`/api/payment/${paymentId}/refund/confirm`, { transactionHash: '0xpart' })
      expect(part.body.data).toMatchObject({ escrowState: 'partial', status: 'confirmed' })
      const rest = await asAdmin(`/api/payment/${paymentId}/release`)
      expect(rest.body.data.instruction).toMatchObject({ amount: '78', fee: '2' })
      const done = await asAdmin(`/api/payment/${paymentId}/release/confirm`, { transactionHash: '0xrest' })
      expect(done.body.data).toMatchObject({ escrowState: 'released', status: 'completed' })
    })

    test('only administrators move money', async () => {
      const { paymentId } = await deliveredPayment()
      for (const token of [market.buyer.token, market.seller.token]) {
        const answer = await call('POST', `/api/payment/${paymentId}/release`, { token, body: {} })
        expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
      }
    })

    test('a JSON number is no amount', async () => {
      const { paymentId } = await deliveredPayment()
      const answer = await asAdmin(`/api/payment/${paymentId}/refund`, { amount: 20 })
      expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
    })
  })

  test('lists and statistics are exact, and show people their own', async () => {
    const list = await call('GET', '/api/payment?limit=5&status=confirmed', { token: market.buyer.token })
    expect(list.body.data.items.length).toBeGreaterThan(0)
    for (const item of list.body.data.items) {
      expect(item).toMatchObject({ buyerId: market.buyer.id, status: 'confirmed' })
    }
    const stranger = await call('GET', '/api/payment', { token: await market.escrow.tokenFor('buyer') })
    expect(stranger.body.data).toEqual({ items: [], total: 0 })
    const { body } = await call('GET', '/api/payment/statistics', { token: market.admin.token })
    const total = await call('GET', '/api/payment', { token: market.admin.token })
    const counts = body.data.map(({ count }: { count: number }) => count)
    expect(counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(total.body.data.total)
  })
}
