import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../../platform/ids.ts'
import { parseAmount } from '../../../platform/money.ts'
import type { UnitStore } from '../../../platform/unit-store.ts'
import type { CountStatements } from '../../../testing/counted-statements.ts'
import type { RequestRepositories } from '../../../units.ts'
import type { RequestRepository } from '../request/index.ts'
import type { NewSellerOffer } from './model.ts'

type Store = UnitStore<RequestRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-02T11:00:00.456Z')

export function exampleOffer(changes: Partial<NewSellerOffer> = {}): NewSellerOffer {
  return {
    id: newId(),
    sellerId: newId(),
    purchaseRequestId: newId(),
    title: 'an offer',
    description: 'good and cheap',
    price: { amount: parseAmount('99.99'), currency: 'USDT' },
    deliveryTime: { amount: 3, unit: 'days' },
    attachments: ['/uploads/b.png'],
    notes: null,
    validUntil: later,
    requireAmlCheck: true,
    amlBlockOnFailure: false,
    at,
    ...changes,
  }
}

/** From the start to near the end, as a request goes. */
const wayOfRequest = [
  'received_offers',
  'payment',
  'delivery',
  'delivered',
  'confirming',
  'completed',
  'seller_paid',
] as const

async function moves(
  requests: RequestRepository,
  id: EntityId,
  to: (typeof wayOfRequest)[number],
  patch: { selectedOfferId: EntityId },
): Promise<void> {
  for (const status of wayOfRequest.slice(0, wayOfRequest.indexOf(to) + 1)) {
    await requests.update(id, { ...patch, status }, later)
  }
}

/** What every implementation of `OfferRepository` must do. `freshRequest` makes a request to offer on. */
export function offerRepositoryContract(
  freshStore: () => Promise<Store>,
  freshRequest: (store: Store) => Promise<EntityId>,
  count: CountStatements,
): void {
  const insert = (store: Store, ...all: NewSellerOffer[]) =>
    store.transaction(async ({ offers }) => {
      for (const one of all) await offers.insert(one)
    })

  test('an offer comes back as it was stored', async () => {
    const store = await freshStore()
    const offer = exampleOffer({ purchaseRequestId: await freshRequest(store) })
    await insert(store, offer)
    const { at: born, ...fields } = offer
    expect(await store.read.offers.find(offer.id)).toEqual({
      ...fields,
      status: 'pending',
      priceVersion: 1,
      createdAt: born,
      updatedAt: born,
    })
    expect(await store.read.offers.findMany([offer.id, newId()])).toHaveLength(1)
  })

  test('a seller has one standing offer on a request, and a new one after withdrawing', async () => {
    const store = await freshStore()
    const purchaseRequestId = await freshRequest(store)
    const first = exampleOffer({ purchaseRequestId })
    const second = exampleOffer({ purchaseRequestId, sellerId: first.sellerId })
    await insert(store, first)
    await expect(insert(store, second)).rejects.toMatchObject({ code: 'OFFER_EXISTS' })
    await store.transaction(({ offers }) => offers.setStatus(first.id, 'withdrawn', later))
    await insert(store, second)
    expect(await store.read.offers.listByRequest(purchaseRequestId)).toHaveLength(2)
  })

  test('one offer of a request is accepted, never two', async () => {
    const store = await freshStore()
    const purchaseRequestId = await freshRequest(store)
    const [one, two] = [exampleOffer({ purchaseRequestId }), exampleOffer({ purchaseRequestId })]
    await insert(store, one, two)
    await store.transaction(({ offers }) => offers.setStatus(one.id, 'accepted', later))
    const second = store.transaction(({ offers }) => offers.setStatus(two.id, 'accepted', later))
    await expect(second).rejects.toMatchObject({ code: 'OFFER_ALREADY_ACCEPTED' })
  })

  test('rejecting what stands leaves out the exception and what had ended', async () => {
    const store = await freshStore()
    const purchaseRequestId = await freshRequest(store)
    const [taken, open, gone] = [0, 1, 2].map(() => exampleOffer({ purchaseRequestId })) as [
      NewSellerOffer,
      NewSellerOffer,
      NewSellerOffer,
    ]
    const elsewhere = exampleOffer({ purchaseRequestId: await freshRequest(store) })
    await insert(store, taken, open, gone, elsewhere)
    const rejected = await store.transaction(async ({ offers }) => {
      await offers.setStatus(gone.id, 'withdrawn', at)
      return offers.rejectStanding(purchaseRequestId, taken.id, later)
    })
    expect(rejected).toEqual([open.id])
    const statuses = new Map(
      (await store.read.offers.listByRequest(purchaseRequestId)).map(({ id, status }) => [id, status]),
    )
    expect(statuses).toEqual(
      new Map([
        [taken.id, 'pending'],
        [open.id, 'rejected'],
        [gone.id, 'withdrawn'],
      ]),
    )
    expect(await store.read.offers.find(elsewhere.id)).toMatchObject({ status: 'pending' })
  })

  test('sellers find their own, newest first', async () => {
    const store = await freshStore()
    const sellerId = newId()
    const old = exampleOffer({ sellerId, purchaseRequestId: await freshRequest(store) })
    const young = exampleOffer({ sellerId, purchaseRequestId: await freshRequest(store), at: later })
    await insert(store, old, young)
    const found = await store.read.offers.listBySeller(sellerId, { limit: 10, offset: 0 })
    expect(found.map(({ id }) => id)).toEqual([young.id, old.id])
  })

  test('prices of many requests are summed up by currency, exactly, in one go', async () => {
    const store = await freshStore()
    const [first, second] = [await freshRequest(store), await freshRequest(store)].sort() as [
      EntityId,
      EntityId,
    ]
    const priced = (purchaseRequestId: EntityId, amount: string, currency: 'EUR' | 'USDT' = 'USDT') =>
      exampleOffer({ purchaseRequestId, price: { amount: parseAmount(amount), currency } })
    await insert(
      store,
      ...['0.1', '0.2', '0.7'].map((amount) => priced(first, amount)),
      priced(first, '12', 'EUR'),
      ...['1', '1', '0'].map((amount) => priced(second, amount)),
      priced(await freshRequest(store), '5'),
    )
    const nobody = newId()
    expect(await store.read.offers.pricesByRequest([second, nobody, first])).toEqual([
      { purchaseRequestId: first, currency: 'EUR', count: 1, least: '12', average: '12' },
      { purchaseRequestId: first, currency: 'USDT', count: 3, least: '0.1', average: '0.333333333333333333' },
      { purchaseRequestId: second, currency: 'USDT', count: 3, least: '0', average: '0.666666666666666666' },
    ])
  })

  test("what became of a seller's offers is counted by status", async () => {
    const store = await freshStore()
    const sellerId = newId()
    const offers: NewSellerOffer[] = []
    for (let index = 0; index < 3; index += 1) {
      offers.push(exampleOffer({ sellerId, purchaseRequestId: await freshRequest(store) }))
    }
    await insert(store, ...offers, exampleOffer({ purchaseRequestId: await freshRequest(store) }))
    await store.transaction((unit) => unit.offers.setStatus(offers[0]?.id ?? newId(), 'withdrawn', later))
    expect(await store.read.offers.countByStatus(sellerId)).toEqual([
      { status: 'pending', count: 2 },
      { status: 'withdrawn', count: 1 },
    ])
    expect(await store.read.offers.countByStatus(newId())).toEqual([])
  })

  test('an order counts for its seller once it is completed, and by the offer that it chose', async () => {
    const store = await freshStore()
    const [busy, once, never] = [newId(), newId(), newId()].sort() as [EntityId, EntityId, EntityId]
    const order = async (sellerId: EntityId, status: 'completed' | 'seller_paid' | 'confirming') => {
      const purchaseRequestId = await freshRequest(store)
      const [chosen, other] = [
        exampleOffer({ sellerId, purchaseRequestId }),
        exampleOffer({ purchaseRequestId }),
      ]
      await insert(store, chosen, other)
      await store.transaction(({ requests }) =>
        moves(requests, purchaseRequestId, status, { selectedOfferId: chosen.id }),
      )
    }
    await order(busy, 'completed')
    await order(busy, 'seller_paid')
    await order(busy, 'confirming')
    await order(once, 'completed')
    await order(never, 'confirming')
    expect(await store.read.offers.completedBySeller([never, once, busy, newId()])).toEqual([
      { sellerId: busy, completed: 2 },
      { sellerId: once, completed: 1 },
    ])
    expect(await store.read.offers.completedBySeller([])).toEqual([])
  })

  test('what it asks its store does not grow with the number of offers, requests or sellers', async () => {
    const store = await freshStore()
    const sellerId = newId()
    const purchaseRequestId = await freshRequest(store)
    const first = exampleOffer({ sellerId, purchaseRequestId })
    await insert(store, first)
    const { offers } = store.read
    const counts = async (offerIds: EntityId[], requestIds: EntityId[], sellers: EntityId[]) => [
      await count(() => offers.findMany(offerIds)),
      await count(() => offers.listByRequest(purchaseRequestId)),
      await count(() => offers.listBySeller(sellerId, { limit: 50, offset: 0 })),
      await count(() => offers.pricesByRequest(requestIds)),
      await count(() => offers.countByStatus(sellerId)),
      await count(() => offers.completedBySeller(sellers)),
    ]
    const few = await counts([first.id], [purchaseRequestId], [sellerId])
    const more = Array.from({ length: 8 }, () => exampleOffer({ purchaseRequestId }))
    await insert(store, ...more, exampleOffer({ sellerId, purchaseRequestId: await freshRequest(store) }))
    const sellers = [sellerId, ...more.map((offer) => offer.sellerId)]
    expect(
      await counts([first.id, ...more.map(({ id }) => id)], [purchaseRequestId, newId()], sellers),
    ).toEqual(few)
  })
}
