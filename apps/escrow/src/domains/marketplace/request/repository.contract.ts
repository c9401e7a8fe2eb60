import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../../platform/ids.ts'
import { parseAmount } from '../../../platform/money.ts'
import type { UnitStore } from '../../../platform/unit-store.ts'
import type { CountStatements } from '../../../testing/counted-statements.ts'
import type { RequestRepositories } from '../../../units.ts'
import { exampleOffer } from '../offer/repository.contract.ts'
import type { NewPurchaseRequest } from './model.ts'

type Store = UnitStore<RequestRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-02T11:00:00.456Z')

export function exampleRequest(changes: Partial<NewPurchaseRequest> = {}): NewPurchaseRequest {
  return {
    id: newId(at),
    buyerId: newId(),
    title: 'گوشی نو 📱',
    description: 'a phone',
    categoryId: newId(),
    productType: 'physical_product',
    productLink: null,
    size: null,
    color: 'black',
    brand: null,
    quantity: 2,
    budget: {
      min: parseAmount('0.1'),
      max: parseAmount('12345678901234567.000000000000000001'),
      currency: 'USDT',
    },
    urgency: 'high',
    status: 'pending',
    isPublic: true,
    deliveryType: 'physical',
    deliveryAddress: { city: 'Tehran', street: 'Azadi 1' },
    deliveryEmail: null,
    specifications: [
      { key: 'memory', value: '128', label: null },
      { key: 'memory', value: '256', label: 'GB' },
    ],
    preferredSellerIds: [newId(), newId()],
    attachments: [{ url: '/uploads/a.png', name: null, mime: 'image/png', size: 5 }],
    tags: ['phone', 'phone', 'new'],
    at,
    ...changes,
  }
}

/** What every implementation of `RequestRepository` must do. */
export function requestRepositoryContract(freshStore: () => Promise<Store>, count: CountStatements): void {
  const insert = (store: Store, ...all: NewPurchaseRequest[]) =>
    store.transaction(async ({ requests }) => {
      for (const one of all) await requests.insert(one)
    })

  test('a request comes back as it was stored, lists in their order', async () => {
    const store = await freshStore()
    const request = exampleRequest()
    await insert(store, request)
    const found = await store.read.requests.find(request.id)
    expect(found).toMatchObject({
      id: request.id,
      buyerId: request.buyerId,
      title: request.title,
      brand: null,
      quantity: 2,
      budget: request.budget,
      status: 'pending',
      isPublic: true,
      selectedOfferId: null,
      delivery: { type: 'physical', address: request.deliveryAddress, email: null, code: null },
      specifications: request.specifications,
      preferredSellerIds: request.preferredSellerIds,
      attachments: request.attachments,
      tags: request.tags,
      statusHistory: [],
      deliveryAttempts: [],
      createdAt: at,
      updatedAt: at,
    })
    expect(await store.read.requests.find(newId())).toBeNull()
  })

  test('a patch changes what it names; null empties a field', async () => {
    const store = await freshStore()
    const request = exampleRequest()
    const offerId = newId()
    await insert(store, request)
    await store.transaction(({ requests }) =>
      requests.update(
        request.id,
        {
          status: 'active',
          selectedOfferId: null,
          deliveryCode: 'hashed',
          shippedAt: later,
          cancelReason: 'x',
        },
        later,
      ),
    )
    expect(await store.read.requests.find(request.id)).toMatchObject({
      status: 'active',
      shippedAt: later,
      delivery: { code: 'hashed' },
      title: request.title,
      cancelReason: 'x',
      updatedAt: later,
    })
    await store.transaction(({ requests }) =>
      requests.update(request.id, { deliveryCode: null, cancelReason: null }, later),
    )
    expect(await store.read.requests.find(request.id)).toMatchObject({
      delivery: { code: null },
      cancelReason: null,
    })
    expect(offerId).not.toBe(request.id)
  })

  test('history, attempts and tracking grow at their end', async () => {
    const store = await freshStore()
    const request = exampleRequest()
    await insert(store, request)
    const seller = newId()
    const changes = [
      { from: null, to: 'pending', by: request.buyerId, reason: null, at },
      { from: 'pending', to: 'active', by: null, reason: 'checked', at: later },
    ]
    const attempts = [
      { code: 'one', attemptedBy: seller, at, success: false, ip: '127.0.0.1' },
      { code: 'two', attemptedBy: seller, at: later, success: true, ip: null },
    ]
    const event = { status: 'shipped', description: 'by train', location: null, at }
    await store.transaction(async ({ requests }) => {
      for (const change of changes) await requests.appendStatusChange(request.id, change)
      for (const attempt of attempts) await requests.appendDeliveryAttempt(request.id, attempt)
      await requests.appendTrackingEvent(request.id, event)
    })
    expect(await store.read.requests.find(request.id)).toMatchObject({
      statusHistory: changes,
      deliveryAttempts: attempts,
      trackingEvents: [event],
    })
  })

  test('buyers find their own, newest first, page by page', async () => {
    const store = await freshStore()
    const buyerId = newId()
    const old = exampleRequest({ buyerId, at })
    const young = exampleRequest({ buyerId, at: later })
    await insert(store, old, young, exampleRequest())
    const list = (limit: number, offset: number) => store.read.requests.list({ buyerId }, { limit, offset })
    expect((await list(10, 0)).map(({ id }) => id)).toEqual([young.id, old.id])
    expect((await list(1, 1)).map(({ id }) => id)).toEqual([old.id])
    expect(await store.read.requests.count({ buyerId })).toBe(2)
    expect(await store.read.requests.count({ categoryId: old.categoryId })).toBe(1)
  })

  test('sellers see open requests that are public or name them', async () => {
    const store = await freshStore()
    const seller = newId()
    const open = exampleRequest()
    const hidden = exampleRequest({ isPublic: false })
    const naming = exampleRequest({ isPublic: false, preferredSellerIds: [seller] })
    const closed = exampleRequest({ status: 'cancelled' })
    await insert(store, open, hidden, naming, closed)
    const seen = await store.read.requests.list({ visibleToSeller: seller }, { limit: 10, offset: 0 })
    expect(new Set(seen.map(({ id }) => id))).toEqual(new Set([open.id, naming.id]))
  })

  test('requests are counted by status', async () => {
    const store = await freshStore()
    const buyerId = newId()
    await insert(
      store,
      exampleRequest({ buyerId }),
      exampleRequest({ buyerId }),
      exampleRequest({ buyerId, status: 'cancelled' }),
      exampleRequest({ status: 'active' }),
    )
    expect(await store.read.requests.countByStatus(buyerId)).toEqual([
      { status: 'cancelled', count: 1 },
      { status: 'pending', count: 2 },
    ])
    expect(await store.read.requests.countByStatus()).toHaveLength(3)
  })

  test('two transactions never decide on the same state of a request', async () => {
    const store = await freshStore()
    const request = exampleRequest()
    await insert(store, request)
    const attempt = () =>
      store.transaction(async ({ requests }) => {
        const held = await requests.findForUpdate(request.id)
        if (held?.status !== 'pending') return false
        await requests.update(request.id, { status: 'active' }, later)
        await requests.appendStatusChange(request.id, {
          from: 'pending',
          to: 'active',
          by: null,
          reason: null,
          at: later,
        })
        return true
      })
    const won = await Promise.all([attempt(), attempt(), attempt()])
    expect(won.filter(Boolean)).toHaveLength(1)
    expect((await store.read.requests.find(request.id))?.statusHistory).toHaveLength(1)
  })

  test('what a buyer has completed, with the offer that was taken', async () => {
    const store = await freshStore()
    const buyerId = newId()
    const all = [1, 2, 3].map(() => exampleRequest({ buyerId }))
    const [older, newer] = all.map(({ id }) => id) as [EntityId, EntityId, EntityId]
    const foreign = exampleRequest()
    await insert(store, ...all, foreign)
    await complete(store, older, newer, foreign.id)
    const offer = exampleOffer({ purchaseRequestId: newer })
    await store.transaction(async ({ requests, offers }) => {
      await offers.insert(offer)
      await requests.update(newer, { selectedOfferId: offer.id, status: 'seller_paid' }, later)
    })
    expect(await store.read.requests.completedOf(buyerId)).toEqual([
      { id: newer, selectedOfferId: offer.id },
      { id: older, selectedOfferId: null },
    ])
    expect(await store.read.requests.completedOf(buyerId, older)).toHaveLength(1)
    expect(await store.read.requests.completedOf(buyerId, foreign.id)).toEqual([])
    expect(await store.read.requests.completedOf(newId())).toEqual([])
  })

  test('what it asks its store does not grow with the number of requests or of their elements', async () => {
    const store = await freshStore()
    const [buyerId, seller] = [newId(), newId()]
    const full = exampleRequest({
      buyerId,
      tags: Array.from({ length: 30 }, (_, place) => `tag ${place}`),
      preferredSellerIds: Array.from({ length: 9 }, newId),
    })
    const bare = exampleRequest({ buyerId, tags: [], preferredSellerIds: [], attachments: [] })
    const { requests } = store.read
    const counts = async () => [
      await count(() => requests.list({ buyerId }, { limit: 50, offset: 0 })),
      await count(() => requests.list({ visibleToSeller: seller }, { limit: 50, offset: 0 })),
      await count(() => requests.findMany([full.id, bare.id])),
      await count(() => requests.count({ buyerId })),
      await count(() => requests.countByStatus(buyerId)),
      await count(() => requests.completedOf(buyerId)),
    ]
    await insert(store, bare)
    expect(await counts()).toEqual([1, 1, 1, 1, 1, 1])
    const ofBare = await count(() => requests.find(bare.id))
    await insert(store, full, ...Array.from({ length: 8 }, () => exampleRequest({ buyerId })))
    expect(await counts()).toEqual([1, 1, 1, 1, 1, 1])
    expect(await count(() => requests.find(full.id))).toBe(ofBare)
  })
}

/** By the moves that the database allows. */
async function complete(store: Store, ...ids: EntityId[]): Promise<void> {
  const moves = ['received_offers', 'payment', 'delivery', 'completed'] as const
  await store.transaction(async ({ requests }) => {
    for (const id of ids) for (const status of moves) await requests.update(id, { status }, later)
  })
}
