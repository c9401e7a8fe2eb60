import { afterAll, beforeAll, expect, test } from 'vitest'
import { blogPosts } from '../domains/blog/legacy/mapping.ts'
import { chats } from '../domains/chat/legacy/mapping.ts'
import { disputes } from '../domains/dispute/legacy/mapping.ts'
import { sellerOffers } from '../domains/marketplace/offer/legacy/mapping.ts'
import { createRequestReadModel } from '../domains/marketplace/request/index.ts'
import { purchaseRequests } from '../domains/marketplace/request/legacy/mapping.ts'
import { createReviewReadModel } from '../domains/marketplace/review/index.ts'
import { reviews } from '../domains/marketplace/review/legacy/mapping.ts'
import { createSellerDirectory } from '../domains/marketplace/seller/index.ts'
import { createShopReadModel } from '../domains/marketplace/shop/index.ts'
import { shopSettings } from '../domains/marketplace/shop/legacy/mapping.ts'
import { notifications } from '../domains/notification/legacy/mapping.ts'
import { payments } from '../domains/payment/legacy/mapping.ts'
import { pointTransactions } from '../domains/points/legacy/mapping.ts'
import { createUserReadModel } from '../domains/user/index.ts'
import { users } from '../domains/user/legacy/mapping.ts'
import { type EntityId, newId, parseId } from '../platform/ids.ts'
import { addAmounts, compareAmounts, zeroAmount } from '../platform/money.ts'
import type { Units } from '../units.ts'
import { additional, orders, requestId, sellers, someone } from './testing/aggregation-traps.ts'
import { type GeneratedStores, generatedStores } from './testing/generated-stores.ts'

const mappings = [
  users,
  shopSettings,
  disputes,
  blogPosts,
  chats,
  reviews,
  sellerOffers,
  purchaseRequests,
  notifications,
  payments,
  pointTransactions,
]
const always = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2100-01-01T00:00:00Z') }
/** Begins and ends within a day, so that days are cut. */
const spring = { from: new Date('2026-02-10T13:14:15.167Z'), to: new Date('2026-04-20T01:02:03.456Z') }
const everything = { limit: 1000, offset: 0 }

let stores: GeneratedStores
beforeAll(async () => {
  stores = await generatedStores(mappings, { documents: 900, seed: 11, additional })
}, 120_000)
afterAll(() => stores[Symbol.asyncDispose]())

const sameAnswer = <T>(ask: (units: Units) => Promise<T>) => stores.sameAnswer(ask)

function present<T>(values: (T | null)[]): T[] {
  return [...new Set(values.filter((value): value is T => value !== null))]
}

const countOf = (lines: { count: number }[]) => lines.reduce((sum, { count }) => sum + count, 0)

test("a buyer's requests by status", async () => {
  const all = await stores.mongo.units.request.read.requests.list({}, everything)
  const words = new Set<string | null>()
  for (const buyerId of present(all.map(({ buyerId }) => buyerId))) {
    const counts = await sameAnswer((units) => units.request.read.requests.countByStatus(buyerId))
    expect(countOf(counts)).toBe(await stores.mongo.units.request.read.requests.count({ buyerId }))
    for (const { status } of counts) words.add(status)
  }
  expect(words.size).toBeGreaterThan(8)
})

test('offers of each request: count, least and average by currency', async () => {
  const requests = stores.idsOf(purchaseRequests)
  const prices = await sameAnswer((units) => units.request.read.offers.pricesByRequest(requests))
  expect(prices.length).toBeGreaterThan(20)
  expect(prices.some(({ count }) => count > 1)).toBe(true)
  for (const { least, average } of prices) {
    if (least !== null) expect(compareAmounts(least, average ?? zeroAmount)).toBeLessThanOrEqual(0)
  }
  for (const id of requests.slice(0, 30)) {
    const lines = await sameAnswer((units) => units.request.read.offers.pricesByRequest([id]))
    expect(lines).toEqual(prices.filter(({ purchaseRequestId }) => purchaseRequestId === id))
  }
})

test('what became of the offers of each seller', async () => {
  const offers = await stores.mongo.units.request.read.offers.findMany(stores.idsOf(sellerOffers))
  const words = new Set<string | null>()
  for (const sellerId of present(offers.map(({ sellerId }) => sellerId))) {
    const counts = await sameAnswer((units) => units.request.read.offers.countByStatus(sellerId))
    expect(countOf(counts)).toBe(offers.filter((offer) => offer.sellerId === sellerId).length)
    for (const { status } of counts) words.add(status)
  }
  expect(words.size).toBeGreaterThan(3)
})

test('points by source and type, of everybody and of each', async () => {
  const totals = await sameAnswer((units) => units.user.read.pointTransactions.totals())
  expect(countOf(totals)).toBe(stores.idsOf(pointTransactions).length)
  expect(new Set(totals.map(({ source }) => source)).size).toBeGreaterThan(3)
  expect(totals.filter(({ type, points }) => type === 'spend' && points < 0)).toEqual([])
  const leaders = await stores.mongo.units.user.read.pointTransactions.leaders(always, 1000)
  for (const { userId } of leaders) {
    const own = await sameAnswer((units) => units.user.read.pointTransactions.totals(userId))
    expect(own.length).toBeGreaterThan(0)
    const page = { page: 1, limit: 100 }
    const listed = await sameAnswer(async (units) => {
      const { items, total } = await units.user.read.pointTransactions.listOf(userId, page)
      return { total, ids: items.map(({ id }) => id).sort() }
    })
    expect(listed.total).toBe(countOf(own))
  }
})

test('who leads in a period', async () => {
  for (const period of [always, spring]) {
    const leaders = await sameAnswer((units) => units.user.read.pointTransactions.leaders(period, 1000))
    expect(leaders.length).toBeGreaterThan(period === always ? 5 : 0)
    const best = await sameAnswer((units) => units.user.read.pointTransactions.leaders(period, 3))
    expect(best).toEqual(leaders.slice(0, 3))
  }
})

test('payment volume by status and currency, and per day and provider', async () => {
  const volumes = await sameAnswer((units) => units.payment.read.payments.volumes({}))
  expect(countOf(volumes)).toBe(stores.idsOf(payments).length)
  const days = await sameAnswer((units) => units.payment.read.payments.dailyVolumes(always, {}))
  expect(new Set(days.map(({ provider }) => provider)).size).toBeGreaterThan(3)
  const dated = await Promise.all(
    stores.idsOf(payments).map((id) => stores.mongo.units.payment.read.payments.find(id)),
  )
  const ofPeriod = dated.flatMap((payment) =>
    payment?.createdAt != null && payment.createdAt >= always.from ? [payment] : [],
  )
  expect(countOf(days)).toBe(ofPeriod.length)
  const sum = addAmounts(...days.map(({ amount }) => amount))
  expect(sum).toBe(addAmounts(...ofPeriod.map(({ amount }) => amount ?? zeroAmount)))

  const cut = await sameAnswer((units) => units.payment.read.payments.dailyVolumes(spring, {}))
  expect(cut.length).toBeGreaterThan(0)
  expect(cut.every(({ day }) => day >= '2026-02-10' && day <= '2026-04-20')).toBe(true)
  await sameAnswer((units) => units.payment.read.payments.dailyVolumes(always, { status: 'completed' }))
})

test('unread notifications by category and in all', async () => {
  const found = await Promise.all(
    stores.idsOf(notifications).map((id) => stores.mongo.units.notification.read.notifications.find(id)),
  )
  for (const userId of present(found.map((notification) => notification?.userId ?? null))) {
    const lines = await sameAnswer((units) => units.notification.read.notifications.unreadByCategory(userId))
    const total = await sameAnswer((units) => units.notification.read.notifications.unreadCount(userId))
    expect(total).toBe(countOf(lines))
  }
})

test('unread messages of each chat', async () => {
  const people = new Set<EntityId>()
  for (const id of stores.idsOf(chats)) {
    const chat = await stores.mongo.units.chat.read.chats.find(id)
    for (const { userId } of chat?.participants ?? []) if (userId !== null) people.add(userId)
  }
  let unread = 0
  for (const userId of people) {
    const lines = await sameAnswer((units) => units.chat.read.chats.unreadByChat(userId))
    const total = await sameAnswer((units) => units.chat.read.chats.unreadTotal(userId))
    expect(total).toBe(lines.reduce((sum, line) => sum + line.unread, 0))
    unread += total
  }
  expect(unread).toBeGreaterThan(0)
})

test('posts by category, of every status and all together', async () => {
  const words = new Set<string | null>()
  for (const status of ['published', 'draft', 'archived', undefined]) {
    const lines = await sameAnswer((units) => units.blog.read.posts.countByCategory(status))
    for (const { category } of lines) words.add(category)
    if (status === undefined) expect(countOf(lines)).toBe(stores.idsOf(blogPosts).length)
  }
  expect(words).toContain('general')
  expect(words).toContain(null)
  expect(words.size).toBeGreaterThan(4)
})

test('ratings of sellers, asked for many at once', async () => {
  const found = await stores.mongo.connection.collection('reviews').distinct('subjectId')
  const sellers = [...new Set(found.map((subjectId) => parseId(String(subjectId))))]
  const ratings = await sameAnswer(async (units) => [
    ...(await createReviewReadModel(units).ratings('seller', sellers)),
  ])
  expect(ratings.length).toBeGreaterThan(3)
})

const directoryOf = (units: Units) =>
  createSellerDirectory({
    users: createUserReadModel(units),
    shops: createShopReadModel(units),
    reviews: createReviewReadModel(units),
    requests: createRequestReadModel(units),
  })

test('the directory of sellers: people, shops, ratings and completed orders', async () => {
  const all = await sameAnswer((units) => directoryOf(units).list({ page: 1, limit: 1000 }))
  expect(all.items).toHaveLength(all.total)
  expect(all.items.filter(({ shop }) => shop !== null).length).toBeGreaterThan(3)
  expect(all.items.filter(({ rating }) => rating.count > 0).length).toBeGreaterThan(3)
  expect(all.items.filter(({ completedOrders }) => completedOrders > 0).length).toBeGreaterThan(3)
  const third = await sameAnswer((units) => directoryOf(units).list({ page: 3, limit: 4 }))
  expect(third).toEqual({ items: all.items.slice(8, 12), total: all.total })
})

test('disputes by status and priority, and the time until they are resolved', async () => {
  const counts = await sameAnswer((units) => units.dispute.read.disputes.countByStatusAndPriority())
  expect(countOf(counts)).toBe(stores.idsOf(disputes).length)
  expect(counts.length).toBeGreaterThan(8)
  const times = await sameAnswer((units) => units.dispute.read.disputes.timeToResolve())
  expect(times.length).toBeGreaterThan(4)
})

test('of nobody and nothing there is nothing, or zero, on both stores', async () => {
  const nobody = newId()
  const never = { from: always.to, to: always.to }
  const answers = await sameAnswer(async (units) => [
    await units.request.read.requests.countByStatus(nobody),
    await units.request.read.offers.pricesByRequest([nobody]),
    await units.request.read.offers.pricesByRequest([]),
    await units.request.read.offers.countByStatus(nobody),
    await units.user.read.pointTransactions.totals(nobody),
    await units.user.read.pointTransactions.leaders(never, 10),
    await units.payment.read.payments.volumes({ buyerId: nobody }),
    await units.payment.read.payments.dailyVolumes(never, {}),
    await units.notification.read.notifications.unreadByCategory(nobody),
    await units.chat.read.chats.unreadByChat(nobody),
    await units.review.read.reviews.countRatings('seller', [nobody]),
    await units.request.read.offers.completedBySeller([nobody]),
    await units.request.read.offers.completedBySeller([]),
    await units.blog.read.posts.countByCategory('a word that nobody used'),
  ])
  expect(answers).toEqual(answers.map(() => []))
  const zeros = await sameAnswer(async ({ notification, chat }) => [
    await notification.read.notifications.unreadCount(nobody),
    await chat.read.chats.unreadTotal(nobody),
  ])
  expect(zeros).toEqual([0, 0])
})

test('the traps: what text, signs, zones and unknown words add up to', async () => {
  const userId = parseId(someone)
  const march = { from: new Date('2027-03-01T00:00:00Z'), to: new Date('2027-04-01T00:00:00Z') }
  const day = '2027-03-01'
  const euros = { provider: 'other', currency: 'EUR' }
  expect(
    await sameAnswer((units) => units.payment.read.payments.dailyVolumes(march, { buyerId: userId })),
  ).toEqual([
    { day, ...euros, count: 4, amount: '0.300000000000000001' },
    { day: '2027-03-02', provider: 'other', currency: null, count: 1, amount: '0' },
    { day: '2027-03-02', provider: 'somebody else', currency: null, count: 1, amount: '7' },
  ])
  const purchaseRequestId = parseId(requestId)
  expect(await sameAnswer((units) => units.request.read.offers.pricesByRequest([purchaseRequestId]))).toEqual(
    [
      { purchaseRequestId, currency: 'EUR', count: 5, least: '0.3', average: '0.933333333333333333' },
      { purchaseRequestId, currency: null, count: 3, least: '2', average: '3' },
    ],
  )
  expect(await sameAnswer((units) => units.request.read.offers.countByStatus(userId))).toEqual([
    { status: 'a word of the past', count: 1 },
    { status: 'rejected', count: 6 },
    { status: null, count: 1 },
  ])
  expect(await sameAnswer((units) => units.review.read.reviews.countRatings('seller', [userId]))).toEqual([
    { subjectId: userId, rating: 2, count: 1 },
    { subjectId: userId, rating: 5, count: 2 },
  ])
  expect(await sameAnswer((units) => units.user.read.pointTransactions.totals(userId))).toEqual([
    { source: 'a word of the past', type: 'spend', count: 1, points: 3 },
    { source: 'bonus', type: 'earn', count: 5, points: 150 },
    { source: 'bonus', type: 'spend', count: 1, points: 7 },
    { source: null, type: 'earn', count: 1, points: 160 },
  ])
  expect(await sameAnswer((units) => units.user.read.pointTransactions.leaders(march, 5))).toEqual([
    { userId, points: 110 },
  ])
  expect(await sameAnswer((units) => units.blog.read.posts.countByCategory('Published'))).toEqual([
    { category: 'general', count: 1 },
  ])
})

test('the traps of disputes: words of the past, nothing instead of a word, times of every kind', async () => {
  const counts = await sameAnswer((units) => units.dispute.read.disputes.countByStatusAndPriority())
  expect(counts.filter(({ status }) => status === 'under_review' || status === null)).toEqual([
    { status: 'under_review', priority: '5', count: 1 },
    { status: 'under_review', priority: 'of the past', count: 2 },
    { status: 'under_review', priority: null, count: 2 },
    { status: null, priority: 'of the past', count: 2 },
  ])
  const times = await sameAnswer((units) => units.dispute.read.disputes.timeToResolve())
  expect(times.filter(({ category }) => category === 'fraud' || category === null)).toEqual([
    // 10 milliseconds of three, cut.
    { category: 'fraud', count: 3, meanMs: 3 },
    { category: null, count: 2, meanMs: 3_600_000 },
  ])
})

test('the traps of the directory: who is a seller, whose shop it is, what is an order', async () => {
  const { items } = await sameAnswer((units) => directoryOf(units).list({ page: 1, limit: 1000 }))
  const found = new Map(items.map((item) => [item.seller.id, item]))
  const isListed = Object.entries(sellers).map(([kind, hex]) => [kind, found.has(parseId(hex))])
  expect(Object.fromEntries(isListed)).toEqual({
    active: true,
    nullStatus: true,
    noStatus: true,
    listedStatus: false,
    listedRole: false,
    blocked: false,
    numbered: false,
    upperCase: false,
    suspended: false,
  })
  expect(found.get(parseId(sellers.active))).toMatchObject({
    shop: { name: 'the first' },
    rating: { average: 4, count: 3, distribution: [0, 1, 0, 0, 2] },
  })
  expect(found.get(parseId(sellers.nullStatus))).toMatchObject({ shop: null, completedOrders: orders.count })
  expect(found.get(parseId(sellers.noStatus))).toMatchObject({ shop: { name: null } })
})
