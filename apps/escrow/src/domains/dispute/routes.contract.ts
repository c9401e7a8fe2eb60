import { beforeAll, describe, expect, test } from 'vitest'
import { parseId } from '../../platform/ids.ts'
import { type Marketplace, newRequest, paidRequest, signInAgain } from '../../testing/marketplace.ts'
import { createHolds } from '../payment/index.ts'

/** What clients of the disputes' API may rely on, whichever store the units are in. */
export function disputeRoutesContract(freshMarket: () => Promise<Marketplace>): void {
  let market: Marketplace
  beforeAll(async () => {
    market = await freshMarket()
  })

  const path = '/api/disputes'
  const call: Marketplace['escrow']['call'] = (...parameters) => market.escrow.call(...parameters)
  const deliver = async () => {
    for (let round = 0; round < 3; round += 1) await market.escrow.effects.deliverDue()
  }
  const open = (purchaseRequestId: string, changes: object = {}, token = market.buyer.token) =>
    call('POST', path, {
      token,
      body: { purchaseRequestId, reason: 'not_delivered', description: 'Nothing came.', ...changes },
    })
  const asAdmin = (method: 'POST' | 'PATCH', url: string, body: object = {}) =>
    call(method, url, { token: market.admin.token, body })
  const kinds = async (paymentId: string) => {
    const entries = await market.units.payment.read.ledger.entriesOf(parseId(paymentId))
    return entries.map(({ kind, amount }) => `${kind} ${amount}`)
  }
  const confirm = async (paymentId: string, direction: 'refund' | 'release', outcome?: object) => {
    const body = outcome ?? { transactionHash: `0x${direction}${paymentId}` }
    const answer = await asAdmin('POST', `/api/payment/${paymentId}/${direction}/confirm`, body)
    expect(answer.status).toBe(200)
  }
  const points = async () =>
    (await call('GET', '/api/points/my-points', { token: market.buyer.token })).body.data.balance
  const seen = async (requestId: string) =>
    (await call('GET', `/api/marketplace/purchase-requests/${requestId}`, { token: market.buyer.token })).body
      .data

  /** A dispute over money that is there, and that staff has taken. */
  async function taken(state: 'payment' | 'delivery' | 'delivered' = 'payment') {
    const paid = await paidRequest(market)
    const request = `/api/marketplace/purchase-requests/${paid.requestId}`
    if (state !== 'payment')
      await call('PUT', `${request}/delivery`, { token: market.seller.token, body: {} })
    if (state === 'delivered')
      await call('POST', `${request}/confirm-delivery`, { token: market.buyer.token })
    await deliver()
    const { id } = (await open(paid.requestId)).body.data
    await asAdmin('POST', `${path}/${id}/assign`)
    return { ...paid, id }
  }

  describe('opening', () => {
    test('holds the money, shows on the request and is told to the seller', async () => {
      const { requestId, paymentId } = await paidRequest(market)
      const opened = await open(requestId, { evidence: ['/uploads/a.png'], paymentId })
      expect(opened.status).toBe(201)
      expect(opened.body.data).toMatchObject({
        purchaseRequestId: requestId,
        buyerId: market.buyer.id,
        sellerId: market.seller.id,
        openedBy: market.buyer.id,
        paymentId,
        status: 'pending',
        priority: 'medium',
        category: 'delivery_delay',
        evidence: [{ type: 'image', url: '/uploads/a.png', uploadedBy: market.buyer.id }],
        timeline: [{ action: 'created', performedBy: market.buyer.id }],
        resolution: null,
      })
      expect(await kinds(paymentId)).toEqual(['payin 100', 'hold 100'])
      await deliver()
      expect(await seen(requestId)).toMatchObject({ disputed: true, releaseHold: true })
      const { id } = opened.body.data
      const status = await call('GET', `${path}/pr/${requestId}/status`, { token: market.seller.token })
      expect(status.body.data).toEqual({ disputed: true, disputeId: id })
      const told = await call('GET', `/api/notifications?relatedId=${id}`, { token: market.seller.token })
      expect(told.body.data.total).toBe(1)
    })

    test('is refused a second time, however many come at once, and leaves one hold', async () => {
      const { requestId, paymentId } = await paidRequest(market)
      const answers = await Promise.all([1, 2, 3].map(() => open(requestId)))
      const codes = answers.map(({ status, body }) => `${status} ${body.code ?? ''}`.trim()).sort()
      expect(codes).toEqual(['201', '409 DISPUTE_ALREADY_OPEN', '409 DISPUTE_ALREADY_OPEN'])
      const entries = await kinds(paymentId)
      const holds = entries.filter((kind) => kind.startsWith('hold')).length
      expect(holds - entries.filter((kind) => kind.startsWith('unhold')).length).toBe(1)
      expect(await open(requestId)).toMatchObject({ status: 409, body: { code: 'DISPUTE_ALREADY_OPEN' } })
    })

    test('is for the parties of the request alone; one without money has nothing to hold', async () => {
      const requestId = await newRequest(market)
      const stranger = await market.escrow.tokenFor('buyer')
      expect((await open(requestId, {}, stranger)).status).toBe(403)
      expect((await open(market.buyer.id)).status).toBe(404)
      const opened = await open(requestId, { reason: 'slow', category: 'other' })
      expect(opened).toMatchObject({ status: 201, body: { data: { sellerId: null, category: 'other' } } })
      const { id } = opened.body.data
      expect((await call('GET', `${path}/${id}`, { token: stranger })).status).toBe(404)
      const list = await call('GET', path, { token: stranger })
      expect(list.body.data).toEqual({ items: [], total: 0 })
    })

    test('a hold whose dispute never came to be is lifted', async () => {
      const { requestId, paymentId } = await paidRequest(market)
      // As a process leaves it that dies between the two.
      const { units, escrow } = market
      const hold = { disputeId: parseId(paymentId), requestId: parseId(requestId) }
      await createHolds({ units, clock: escrow.clock }).place(hold, parseId(market.buyer.id))
      await deliver()
      expect(await kinds(paymentId)).toEqual(['payin 100', 'hold 100'])
      escrow.clock.advance(2 * 60_000)
      await deliver()
      expect(await kinds(paymentId)).toEqual(['payin 100', 'hold 100', 'unhold 100'])
    })
  })

  describe('settling', () => {
    test('is for the staff, which takes it first', async () => {
      const { requestId } = await paidRequest(market)
      const { id } = (await open(requestId)).body.data
      const asBuyer = { token: market.buyer.token, body: {} }
      expect((await call('POST', `${path}/${id}/assign`, asBuyer)).status).toBe(403)
      expect((await call('GET', `${path}/statistics`, { token: market.buyer.token })).status).toBe(403)
      const early = await asAdmin('POST', `${path}/${id}/resolve`, { action: 'no_action' })
      expect(early).toMatchObject({ status: 409, body: { code: 'DISPUTE_MOVE_REFUSED' } })
      const wrong = await asAdmin('POST', `${path}/${id}/assign`, { adminId: market.buyer.id })
      expect(wrong.status).toBe(400)
      const assigned = await asAdmin('POST', `${path}/${id}/assign`)
      expect(assigned.body.data).toMatchObject({ status: 'in_progress', adminId: market.admin.id })
      expect(assigned.body.data.timeline.map(({ action }: { action: string }) => action)).toEqual([
        'created',
        'in_progress',
        'assigned',
      ])
    })

    test('a refund lifts the hold and sends the money back', async () => {
      const { id, requestId, paymentId } = await taken()
      const resolved = await asAdmin('POST', `${path}/${id}/resolve`, { action: 'refund', notes: 'empty' })
      expect(resolved.body.data).toMatchObject({
        status: 'resolved',
        resolution: { action: 'refund', amount: null, notes: 'empty', resolvedBy: market.admin.id },
      })
      await deliver()
      expect(await kinds(paymentId)).toEqual(['payin 100', 'hold 100', 'unhold 100', 'refund_init 100'])
      expect(await seen(requestId)).toMatchObject({ disputed: false, releaseHold: false })
      const again = await asAdmin('POST', `${path}/${id}/resolve`, { action: 'no_action' })
      expect(again.body.code).toBe('DISPUTE_MOVE_REFUSED')
      const closed = await asAdmin('PATCH', `${path}/${id}/status`, { status: 'closed' })
      expect(closed.body.data.status).toBe('closed')
    })

    test('a refund cancels the request when the money is back, not before', async () => {
      const { id, requestId, offerId, paymentId } = await taken('delivered')
      await asAdmin('POST', `${path}/${id}/resolve`, { action: 'refund' })
      await deliver()
      expect(await seen(requestId)).toMatchObject({ status: 'delivered', disputed: false })
      // The first try fails; whoever tries again carries out the same resolution.
      await confirm(paymentId, 'refund', { failed: true, reason: 'no gas' })
      await asAdmin('POST', `/api/payment/${paymentId}/refund`)
      await confirm(paymentId, 'refund')
      await deliver()
      const cancelled = await seen(requestId)
      expect(cancelled).toMatchObject({ status: 'cancelled', selectedOfferId: null })
      expect(cancelled.statusHistory.at(-1)).toMatchObject({
        from: 'delivered',
        to: 'cancelled',
        by: market.admin.id,
      })
      const offer = await market.units.request.read.offers.find(parseId(offerId))
      expect(offer?.status).toBe('rejected')
    })

    test.each(['payment', 'delivery'] as const)('a refund in %s cancels as well', async (state) => {
      const { id, requestId, paymentId } = await taken(state)
      await asAdmin('POST', `${path}/${id}/resolve`, { action: 'compensation', amount: '100' })
      await deliver()
      expect(await seen(requestId)).toMatchObject({ status: state })
      await confirm(paymentId, 'refund')
      await deliver()
      expect((await seen(requestId)).statusHistory.at(-1)).toMatchObject({
        to: 'cancelled',
        by: market.admin.id,
        reason: 'dispute resolved',
      })
    })

    test('for the seller: the request is completed, the money is released, the seller is paid', async () => {
      const before = await points()
      const { id, requestId, paymentId } = await taken('delivery')
      await asAdmin('POST', `${path}/${id}/resolve`, { action: 'no_action' })
      await deliver()
      expect((await seen(requestId)).statusHistory.at(-1)).toMatchObject({
        from: 'delivery',
        to: 'completed',
        by: market.admin.id,
        reason: 'dispute resolved',
      })
      expect(await points()).toBe(before + 100)
      expect((await asAdmin('POST', `/api/payment/${paymentId}/release`)).status).toBe(200)
      await confirm(paymentId, 'release')
      await deliver()
      expect(await seen(requestId)).toMatchObject({ status: 'seller_paid' })
    })

    test('a part for the buyer completes the request; points are for the rest', async () => {
      const before = await points()
      const { id, requestId, paymentId } = await taken('delivered')
      await asAdmin('POST', `${path}/${id}/resolve`, { action: 'refund', amount: '40' })
      await deliver()
      expect(await seen(requestId)).toMatchObject({ status: 'completed' })
      expect(await points()).toBe(before + 60)
      await confirm(paymentId, 'refund')
      await asAdmin('POST', `/api/payment/${paymentId}/release`)
      await confirm(paymentId, 'release')
      await deliver()
      expect(await seen(requestId)).toMatchObject({ status: 'seller_paid' })
    })

    test('before the goods are sent, and after other ends, the deal goes on', async () => {
      const early = await taken('payment')
      await asAdmin('POST', `${path}/${early.id}/resolve`, { action: 'warning_seller' })
      await market.escrow.effects.deliverDue()
      const { payment, request } = market.units
      const waiting = await payment.read.effects.pending(100, market.escrow.clock.now())
      const told = waiting.find(({ type, key }) => type === 'resolution.applied' && key === early.id)
      const replaced = await taken('delivered')
      await asAdmin('POST', `${path}/${replaced.id}/resolve`, { action: 'replacement' })
      const rejected = await taken('delivered')
      await asAdmin('PATCH', `${path}/${rejected.id}/status`, { status: 'rejected' })
      await deliver()
      expect(told && (await request.read.effects.received(told.id))).toMatchObject({
        outcome: 'refused',
        reason: 'the purchase request is payment',
      })
      expect(await seen(early.requestId)).toMatchObject({ status: 'payment', disputed: false })
      for (const { requestId } of [replaced, rejected])
        expect(await seen(requestId)).toMatchObject({ status: 'delivered', disputed: false })
    })

    test('while it is open the delivery code is stopped', async () => {
      const { requestId, id } = await taken('delivery')
      await deliver()
      const url = `/api/marketplace/purchase-requests/${requestId}/delivery-code`
      const made = () => call('POST', `${url}/generate`, { token: market.buyer.token })
      expect(await made()).toMatchObject({ status: 409, body: { code: 'REQUEST_IN_DISPUTE' } })
      const body = { code: '123456' }
      const entered = await call('POST', `${url}/verify`, { token: market.seller.token, body })
      expect(entered.body.code).toBe('REQUEST_IN_DISPUTE')
      await asAdmin('PATCH', `${path}/${id}/status`, { status: 'rejected' })
      await deliver()
      expect((await made()).status).toBe(200)
    })

    test('a compensation sends a part back; more than is there leaves the hold', async () => {
      const part = await taken()
      const compensation = { action: 'compensation', amount: '30', currency: 'USDT' }
      await asAdmin('POST', `${path}/${part.id}/resolve`, compensation)
      const much = await taken()
      await asAdmin('POST', `${path}/${much.id}/resolve`, { ...compensation, amount: '1000' })
      await deliver()
      expect(await kinds(part.paymentId)).toEqual(['payin 100', 'hold 100', 'unhold 100', 'refund_init 30'])
      expect(await kinds(much.paymentId)).toEqual(['payin 100', 'hold 100'])
      const without = await asAdmin('POST', `${path}/${much.id}/resolve`, { action: 'compensation' })
      expect(without.status).toBe(400)
    })

    test('a rejected one, and one without consequences, give the money free', async () => {
      const rejected = await taken()
      const body = { status: 'rejected', note: 'it arrived' }
      expect((await asAdmin('PATCH', `${path}/${rejected.id}/status`, body)).status).toBe(200)
      const warned = await taken()
      await asAdmin('POST', `${path}/${warned.id}/resolve`, { action: 'warning_seller' })
      await deliver()
      for (const { paymentId } of [rejected, warned])
        expect(await kinds(paymentId)).toEqual(['payin 100', 'hold 100', 'unhold 100'])
    })

    test('whoever opened it withdraws it while nobody has taken it', async () => {
      const { requestId, paymentId } = await paidRequest(market)
      const { id } = (await open(requestId)).body.data
      const bySeller = await call('POST', `${path}/${id}/withdraw`, { token: market.seller.token })
      expect(bySeller.body.code).toBe('DISPUTE_MOVE_REFUSED')
      const withdrawn = await call('POST', `${path}/${id}/withdraw`, { token: market.buyer.token })
      expect(withdrawn.body.data.status).toBe('withdrawn')
      await deliver()
      expect(await kinds(paymentId)).toEqual(['payin 100', 'hold 100', 'unhold 100'])
      expect((await open(requestId)).status).toBe(201)
    })
  })

  test('parties add evidence and answer; an answer brings it back, an end ends it', async () => {
    const { id } = await taken()
    await asAdmin('PATCH', `${path}/${id}/status`, { status: 'waiting_response', note: 'a photo?' })
    const evidence = { type: 'screenshot', url: '/uploads/b.png', description: 'the box' }
    const added = await call('POST', `${path}/${id}/evidence`, { token: market.seller.token, body: evidence })
    expect(added.body.data.evidence).toMatchObject([{ ...evidence, uploadedBy: market.seller.id }])
    const body = { content: 'here it is' }
    const said = await call('POST', `${path}/${id}/messages`, { token: market.seller.token, body })
    expect(said.body.data).toMatchObject({
      status: 'in_progress',
      messages: [{ senderId: market.seller.id, content: 'here it is' }],
    })
    await asAdmin('POST', `${path}/${id}/resolve`, { action: 'no_action' })
    const late = await call('POST', `${path}/${id}/messages`, { token: market.seller.token, body })
    expect(late).toMatchObject({ status: 409, body: { code: 'DISPUTE_ENDED' } })
  })

  test('staff sees all of them, and counts them', async () => {
    market.escrow.clock.advance(60_000)
    await signInAgain(market)
    const statistics = await call('GET', `${path}/statistics`, { token: market.admin.token })
    const { total, byStatusAndPriority, timeToResolve } = statistics.body.data
    const all = await call('GET', `${path}?limit=1`, { token: market.admin.token })
    expect(all.body.data).toMatchObject({ total, items: [{}] })
    const pending = await call('GET', `${path}?status=pending`, { token: market.admin.token })
    const line = byStatusAndPriority.find(({ status }: { status: string }) => status === 'pending')
    expect(pending.body.data.total).toBe(line.count)
    expect(timeToResolve).toMatchObject([{ category: 'delivery_delay' }])
  })
}
