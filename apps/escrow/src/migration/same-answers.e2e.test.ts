import type { Mapping } from 'landbridge/mapping'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addresses } from '../domains/address/legacy/mapping.ts'
import { configSettingHistory, configSettings } from '../domains/admin/legacy/mapping.ts'
import { blogPosts } from '../domains/blog/legacy/mapping.ts'
import { disputes } from '../domains/dispute/legacy/mapping.ts'
import { sellerOffers } from '../domains/marketplace/offer/legacy/mapping.ts'
import { purchaseRequests } from '../domains/marketplace/request/legacy/mapping.ts'
import { reviews } from '../domains/marketplace/review/legacy/mapping.ts'
import { shopSettings } from '../domains/marketplace/shop/legacy/mapping.ts'
import { requestTemplates } from '../domains/marketplace/template/legacy/mapping.ts'
import { notifications } from '../domains/notification/legacy/mapping.ts'
import { derivedDestinations } from '../domains/payment/destination/legacy/mapping.ts'
import { fundsLedgerEntries, payments } from '../domains/payment/legacy/mapping.ts'
import { levelConfigs } from '../domains/points/level/legacy/mapping.ts'
import type { EntityId } from '../platform/ids.ts'
import type { Units } from '../units.ts'
import { lenientId } from './lenient.ts'
import { type GeneratedStores, generatedStores } from './testing/generated-stores.ts'

const mappings = [
  addresses,
  reviews,
  blogPosts,
  requestTemplates,
  purchaseRequests,
  sellerOffers,
  payments,
  fundsLedgerEntries,
  derivedDestinations,
  disputes,
  notifications,
  shopSettings,
  levelConfigs,
  configSettings,
  configSettingHistory,
]
const everything = { limit: 1000, offset: 0 }

let stores: GeneratedStores
beforeAll(async () => {
  stores = await generatedStores(mappings, { documents: 900, seed: 7 })
}, 120_000)
afterAll(() => stores[Symbol.asyncDispose]())

const sameAnswer = <T>(ask: (units: Units) => Promise<T>) => stores.sameAnswer(ask)
const idsOf = (mapping: Mapping) => stores.idsOf(mapping)

/** Times as text or missing sort otherwise in MongoDB, so answers are compared by id. */
function byId<Item extends { id: string }>(items: Item[]): Item[] {
  return [...items].sort((left, right) => (left.id < right.id ? -1 : 1))
}

test('each request, with its seven lists', async () => {
  const ids = idsOf(purchaseRequests)
  expect(ids.length).toBeGreaterThan(50)
  for (const id of ids) await sameAnswer((units) => units.request.read.requests.find(id))
})

test('requests by status, by buyer, and as a seller sees them', async () => {
  const counts = await sameAnswer((units) => units.request.read.requests.countByStatus())
  expect(counts.length).toBeGreaterThan(8)
  for (const { status } of counts) {
    if (status === null) continue
    const found = await sameAnswer(async (units) =>
      byId(await units.request.read.requests.list({ status }, everything)),
    )
    expect(found.length).toBeGreaterThan(0)
  }
  const all = await stores.mongo.units.request.read.requests.list({}, everything)
  for (const { buyerId } of all.slice(0, 20)) {
    if (buyerId === null) continue
    await sameAnswer(async (units) => byId(await units.request.read.requests.list({ buyerId }, everything)))
    await sameAnswer((units) => units.request.read.requests.countByStatus(buyerId))
    await sameAnswer((units) => units.request.read.requests.count({ visibleToSeller: buyerId }))
  }
})

test('each offer, and the offers of each request', async () => {
  const offers = idsOf(sellerOffers)
  expect(offers.length).toBeGreaterThan(30)
  await sameAnswer(async (units) => byId(await units.request.read.offers.findMany(offers)))
  for (const id of idsOf(purchaseRequests)) {
    await sameAnswer(async (units) => byId(await units.request.read.offers.listByRequest(id)))
  }
})

test('each template, the open ones of each seller, and the sellers', async () => {
  const ids = idsOf(requestTemplates)
  expect(ids.length).toBeGreaterThan(5)
  await sameAnswer(async (units) => byId(await units.request.read.templates.findMany(ids)))
  const openAt = new Date()
  const sellers = await sameAnswer((units) => units.request.read.templates.sellers(openAt, everything))
  expect(sellers.length).toBeGreaterThan(3)
  await sameAnswer((units) => units.request.read.templates.countSellers(openAt))
  for (const { sellerId } of sellers) {
    for (const filter of [{ sellerId }, { sellerId, openAt }]) {
      await sameAnswer((units) => units.request.read.templates.count(filter))
      await sameAnswer(async (units) => byId(await units.request.read.templates.list(filter, everything)))
    }
  }
})

test('each payment with its ledger, and the exact volumes', async () => {
  const ids = idsOf(payments)
  expect(ids.length).toBeGreaterThan(20)
  for (const id of ids) {
    await sameAnswer((units) => units.payment.read.payments.find(id))
    await sameAnswer(async (units) => byId(await units.payment.read.ledger.entriesOf(id)))
  }
  const volumes = await sameAnswer((units) => units.payment.read.payments.volumes({}))
  expect(volumes.length).toBeGreaterThan(5)
  for (const { status } of volumes) {
    if (status === null) continue
    await sameAnswer((units) => units.payment.read.payments.count({ status }))
    await sameAnswer((units) => units.payment.read.payments.volumes({ status }))
  }
})

test('each dispute, their numbers, and the open one of each request', async () => {
  const ids = idsOf(disputes)
  expect(ids.length).toBeGreaterThan(5)
  for (const id of ids) {
    const found = await sameAnswer((units) => units.dispute.read.disputes.find(id))
    const { purchaseRequestId = null } = found ?? {}
    if (purchaseRequestId !== null)
      await sameAnswer((units) => units.dispute.read.disputes.findOpen(purchaseRequestId))
  }
  const counts = await sameAnswer((units) => units.dispute.read.disputes.countByStatusAndPriority())
  for (const { status } of counts) {
    if (status === null) continue
    await sameAnswer((units) => units.dispute.read.disputes.count({ status }))
    await sameAnswer(async (units) => byId(await units.dispute.read.disputes.list({ status }, everything)))
  }
  const times = await sameAnswer((units) => units.dispute.read.disputes.timeToResolve())
  expect(times.length).toBeGreaterThan(1)
})

test('what each person was told, and how much of it is unread', async () => {
  const ids = idsOf(notifications)
  expect(ids.length).toBeGreaterThan(20)
  const people = new Set<EntityId>()
  for (const id of ids) {
    const found = await sameAnswer((units) => units.notification.read.notifications.find(id))
    if (found?.userId != null) people.add(found.userId)
  }
  const seen = new Set<string | null>()
  for (const userId of people) {
    for (const unreadOnly of [true, false]) {
      await sameAnswer(async (units) => {
        const filter = { page: 1, limit: 100, unreadOnly }
        const { items, total } = await units.notification.read.notifications.listOf(userId, filter)
        return { items: byId(items), total }
      })
    }
    await sameAnswer((units) => units.notification.read.notifications.unreadCount(userId))
    const lines = await sameAnswer((units) => units.notification.read.notifications.unreadByCategory(userId))
    for (const { category } of lines) seen.add(category)
  }
  expect(seen.size).toBeGreaterThan(3)
})

test('each derived destination, and those of every status', async () => {
  const found = await sameAnswer((units) => units.payment.read.destinations.list({}, everything))
  expect(found.length).toBeGreaterThan(10)
  expect(found).toHaveLength(idsOf(derivedDestinations).length)
  const statuses = new Set(found.map(({ status }) => status))
  for (const status of statuses) {
    if (status === null) continue
    await sameAnswer((units) => units.payment.read.destinations.list({ status }, everything))
    await sameAnswer((units) => units.payment.read.destinations.count({ status }))
  }
  for (const { buyerId, sellerOffer, chainId } of found) {
    if (buyerId === null || sellerOffer === null || chainId === null) continue
    const key = { buyerId, sellerOffer, chainId }
    expect(await sameAnswer((units) => units.payment.read.destinations.findByKey(key))).not.toBeNull()
  }
})

test('the addresses of each person, primary ones among them', async () => {
  const people = new Set<EntityId>()
  let primary = 0
  for (const id of idsOf(addresses)) {
    const found = await sameAnswer((units) => units.address.read.addresses.find(id))
    if (found?.userId != null) people.add(found.userId)
  }
  for (const userId of people) {
    const found = await sameAnswer((units) => units.address.read.addresses.listOf(userId))
    primary += found.filter((address) => address.primary === true).length
  }
  expect(primary).toBeGreaterThan(10)
})

test('each review, and what is published of each subject', async () => {
  const subjects = new Set<EntityId>()
  for (const id of idsOf(reviews)) {
    const found = await sameAnswer((units) => units.review.read.reviews.find(id))
    if (found?.subjectId != null) subjects.add(found.subjectId)
  }
  expect(subjects.size).toBeGreaterThan(3)
  for (const subjectId of subjects) {
    const subject = { subjectType: 'seller' as const, subjectId }
    await sameAnswer(async (units) => {
      const { items, total } = await units.review.read.reviews.listPublished(subject, { page: 1, limit: 100 })
      return { items: byId(items), total }
    })
  }
})

test('each post by its id and its slug, and the lists of them', async () => {
  const tags = new Set<string>()
  for (const id of idsOf(blogPosts)) {
    const found = await sameAnswer((units) => units.blog.read.posts.find(id))
    for (const tag of found?.tags ?? []) tags.add(tag)
    const slug = found?.slug || 'none'
    await sameAnswer((units) => units.blog.read.posts.findBySlug(slug))
    await sameAnswer((units) => units.blog.read.posts.findBySlug(slug, 'published'))
  }
  const filters = [...tags].map((tag) => ({ tag }))
  for (const filter of [
    {},
    { status: 'published' },
    { category: 'general' },
    { featured: true },
    { search: 'راهنمای' },
    ...filters,
  ]) {
    const listing = { page: 1, limit: 500, sortBy: 'publishedAt', sortOrder: 'desc' } as const
    await sameAnswer(async (units) => {
      const { items, total } = await units.blog.read.posts.list(filter, listing)
      return { items: byId(items), total }
    })
  }
})

test('the shop of each seller, one by one and all at once', async () => {
  const found = await stores.mongo.connection.collection('shopsettings').distinct('sellerId')
  const sellers = [...new Set(found.flatMap((sellerId) => lenientId(sellerId) ?? []))]
  expect(sellers.length).toBeGreaterThan(5)
  await sameAnswer(async (units) => byId(await units.shop.read.shops.findBySellers(sellers)))
  for (const sellerId of sellers) await sameAnswer((units) => units.shop.read.shops.findBySeller(sellerId))
})

test('the levels, all of them and the active ones', async () => {
  expect((await sameAnswer((units) => units.level.read.levels.list({ activeOnly: false }))).length).toBe(
    idsOf(levelConfigs).length,
  )
  const active = await sameAnswer((units) => units.level.read.levels.list({ activeOnly: true }))
  expect(active.length).toBeGreaterThan(2)
})

test('every setting, and how each came to its value', async () => {
  const settings = await sameAnswer((units) => units.config.read.settings.list())
  expect(settings).toHaveLength(idsOf(configSettings).length)
  let changes = 0
  for (const { key } of settings) {
    const name = key ?? 'none'
    const history = await sameAnswer(async (units) => {
      const { items, total } = await units.config.read.history.listOf(name, { page: 1, limit: 100 })
      return { items: byId(items), total }
    })
    changes += history.total
  }
  expect(changes).toBeGreaterThan(5)
})
