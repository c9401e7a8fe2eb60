import { Types } from 'mongoose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blogPosts } from '../domains/blog/legacy/mapping.ts'
import { chats } from '../domains/chat/legacy/mapping.ts'
import { sellerOffers } from '../domains/marketplace/offer/legacy/mapping.ts'
import { purchaseRequests } from '../domains/marketplace/request/legacy/mapping.ts'
import { createReviewReadModel } from '../domains/marketplace/review/index.ts'
import { reviews } from '../domains/marketplace/review/legacy/mapping.ts'
import { notifications } from '../domains/notification/legacy/mapping.ts'
import { payments } from '../domains/payment/legacy/mapping.ts'
import { pointTransactions } from '../domains/points/legacy/mapping.ts'
import { type EntityId, newId, parseId } from '../platform/ids.ts'
import { addAmounts, compareAmounts, zeroAmount } from '../platform/money.ts'
import type { Units } from '../units.ts'
import { type GeneratedStores, generatedStores } from './testing/generated-stores.ts'

const mappings = [
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

const someone = '65fe1b8096e9878885bb2ae3'
const requestId = '65fe1b8096e9878885bb2ae4'
const id = (hex: string) => new Types.ObjectId(hex)
const decimal = (text: string) => Types.Decimal128.fromString(text)

/** One document for each trap: what a sum skips or rounds, days that turn elsewhere, times as text, ids as text. */
const traps = {
  payments: [
    { amount: { amount: 0.1, currency: 'EUR' }, createdAt: new Date('2027-03-01T23:59:59.999Z') },
    { amount: { amount: '0.2', currency: 'EUR' }, createdAt: '2027-03-02T01:30:00+03:00' },
    { amount: { amount: decimal('0.000000000000000001'), currency: 'EUR' }, createdAt: '2027-03-01' },
    { amount: { amount: '1,200', currency: 'EUR' }, createdAt: new Date('2027-03-01T00:00:00Z') },
    { amount: { amount: Number.NaN, currency: null }, createdAt: new Date('2027-03-02T00:00:00Z') },
    { amount: { amount: 7 }, createdAt: new Date('2027-03-02T00:00:00Z'), provider: 'somebody else' },
    { amount: { amount: 8 }, createdAt: '1 March 2027' },
    { amount: 9, createdAt: [new Date('2027-03-02T00:00:00Z')] },
  ].map((trap) => ({
    _id: new Types.ObjectId(),
    buyerId: id(someone),
    direction: 'in',
    status: 'completed',
    provider: 'other',
    ...trap,
  })),
  blogposts: [
    { category: 'news' },
    { category: 'general' },
    { category: 'general', status: 'Published' },
    { category: null },
    {},
    { category: 7, status: null },
    { category: ['news'], status: 'draft' },
  ].map((trap) => ({ _id: new Types.ObjectId(), title: 'A post', status: 'published', ...trap })),
  reviews: [
    { rating: 5 },
    { rating: '5', subjectId: someone },
    { rating: 4.5 },
    { rating: 6 },
    { rating: 'five' },
    { rating: null },
    { rating: 1, status: 'Published' },
    { rating: 1, subjectType: 'template' },
    { rating: 2, createdAt: 'last week' },
  ].map((trap) => ({
    _id: new Types.ObjectId(),
    subjectType: 'seller',
    subjectId: id(someone),
    sellerId: id(someone),
    reviewerId: new Types.ObjectId(),
    status: 'published',
    ...trap,
  })),
  selleroffers: [
    { price: { amount: 1, currency: 'EUR' } },
    { price: { amount: '1.5', currency: 'EUR' }, purchaseRequestId: requestId },
    { price: { amount: decimal('0.3'), currency: 'EUR' }, status: 'a word of the past' },
    { price: { amount: -5, currency: 'EUR' } },
    { price: { amount: 'ask me', currency: 'EUR' }, status: null },
    { price: { amount: 2, currency: null }, sellerId: someone },
    { price: { amount: 4 } },
    { price: '12 EUR' },
  ].map((trap) => ({
    _id: new Types.ObjectId(),
    sellerId: id(someone),
    purchaseRequestId: id(requestId),
    status: 'rejected',
    ...trap,
  })),
  pointtransactions: [
    { amount: 10, createdAt: new Date('2027-03-01T00:00:00Z') },
    { amount: '20', createdAt: '2027-03-01T01:00:00+00:00' },
    { amount: 40, createdAt: '2027-03-01T01:00:00+02:00' },
    { amount: 2.5, createdAt: new Date('2027-03-01T00:00:00Z') },
    { amount: 80, user: someone, createdAt: new Date('2027-03-02T00:00:00Z') },
    { amount: -7, type: 'spend' },
    { amount: 3, type: 'spend', source: 'a word of the past' },
    { amount: 160, createdAt: 'yesterday', source: null },
  ].map((trap) => ({
    _id: new Types.ObjectId(),
    user: id(someone),
    type: 'earn',
    source: 'bonus',
    ...trap,
  })),
}

let stores: GeneratedStores
beforeAll(async () => {
  stores = await generatedStores(mappings, { documents: 900, seed: 11, additional: traps })
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

test('of nobody and nothing there is nothing, or zero, on both stores', async () => {
  const nobody = newId()
  const never = { from: always.to, to: always.to }
  const answers = await sameAnswer(async ({ request, user, payment, notification, chat, review, blog }) => [
    await request.read.requests.countByStatus(nobody),
    await request.read.offers.pricesByRequest([nobody]),
    await request.read.offers.pricesByRequest([]),
    await request.read.offers.countByStatus(nobody),
    await user.read.pointTransactions.totals(nobody),
    await user.read.pointTransactions.leaders(never, 10),
    await payment.read.payments.volumes({ buyerId: nobody }),
    await payment.read.payments.dailyVolumes(never, {}),
    await notification.read.notifications.unreadByCategory(nobody),
    await chat.read.chats.unreadByChat(nobody),
    await review.read.reviews.countRatings('seller', [nobody]),
    await blog.read.posts.countByCategory('a word that nobody used'),
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
})
