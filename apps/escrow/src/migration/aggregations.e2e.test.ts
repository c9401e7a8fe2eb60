import { afterAll, beforeAll, expect, test } from 'vitest'
import { chats } from '../domains/chat/legacy/mapping.ts'
import { sellerOffers } from '../domains/marketplace/offer/legacy/mapping.ts'
import { purchaseRequests } from '../domains/marketplace/request/legacy/mapping.ts'
import { notifications } from '../domains/notification/legacy/mapping.ts'
import { payments } from '../domains/payment/legacy/mapping.ts'
import { pointTransactions } from '../domains/points/legacy/mapping.ts'
import { type EntityId, newId } from '../platform/ids.ts'
import { addAmounts, compareAmounts, zeroAmount } from '../platform/money.ts'
import type { Units } from '../units.ts'
import { type GeneratedStores, generatedStores } from './testing/generated-stores.ts'

const mappings = [chats, sellerOffers, purchaseRequests, notifications, payments, pointTransactions]
const always = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2100-01-01T00:00:00Z') }
/** Begins and ends within a day, so that days are cut. */
const spring = { from: new Date('2026-02-10T13:14:15.167Z'), to: new Date('2026-04-20T01:02:03.456Z') }
const everything = { limit: 1000, offset: 0 }

let stores: GeneratedStores
beforeAll(async () => {
  stores = await generatedStores(mappings, { documents: 900, seed: 11 })
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

test('of nobody and nothing there is nothing, or zero, on both stores', async () => {
  const nobody = newId()
  const never = { from: always.to, to: always.to }
  const answers = await sameAnswer(async ({ request, user, payment, notification, chat }) => [
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
  ])
  expect(answers).toEqual(answers.map(() => []))
  const zeros = await sameAnswer(async ({ notification, chat }) => [
    await notification.read.notifications.unreadCount(nobody),
    await chat.read.chats.unreadTotal(nobody),
  ])
  expect(zeros).toEqual([0, 0])
})
