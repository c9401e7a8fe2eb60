import { EJSON } from 'bson'
import { describe, expect, it } from 'vitest'
import { everywhereDirt } from './dirt/everywhere.ts'
import { dirtyingsOf } from './dirt-kinds.ts'
import { dirtOf, dirtTable } from './dirt-table.ts'
import { generateLegacyData, legacyStreams } from './generate.ts'
import { stories } from './world/stories.ts'
import { sizesFor } from './world/world.ts'

const textOf = (total: number, seed: number) =>
  EJSON.stringify(generateLegacyData(total, seed), { relaxed: false })

const few = generateLegacyData(2_000, 1)
const documentsOf = (collection: string) =>
  few.find((each) => each.collection === collection)?.documents ?? []

it('gives the same documents for the same seed, and others for another', () => {
  expect(textOf(300, 7)).toBe(textOf(300, 7))
  expect(textOf(300, 7)).not.toBe(textOf(300, 8))
})

it('makes about as many documents as were asked for, in every collection of the table', () => {
  const total = few.reduce((sum, { documents }) => sum + documents.length, 0)
  expect(total).toBeGreaterThan(1_900)
  expect(total).toBeLessThan(2_100)
  for (const { documents } of few) expect(documents.length).toBeGreaterThan(0)
  const made = few.map(({ collection }) => collection)
  expect(dirtTable.filter(({ collection }) => !made.includes(collection))).toEqual([])
})

it('holds no id twice in a collection', () => {
  for (const { collection, documents } of few) {
    const ids = new Set(documents.map(({ _id }) => String(_id)))
    expect([collection, ids.size]).toEqual([collection, documents.length])
  }
})

it.each([
  ['users', ['email']],
  ['users', ['referralCode']],
  ['tempverifications', ['email']],
  ['shopsettings', ['sellerId']],
  ['requesttemplates', ['shareableLink']],
  ['fundsledgerentries', ['idempotencyKey']],
  ['deriveddestinations', ['derivationIndex']],
  ['reviews', ['subjectType', 'subjectId', 'reviewerId']],
] as const)('holds in %s nothing that the unique index on %s would have refused', (collection, paths) => {
  const keys = documentsOf(collection)
    .filter((document) => document[paths[0]] !== undefined)
    .map((document) => paths.map((path) => String(document[path])).join(' '))
  expect(keys.length).toBeGreaterThan(0)
  expect(new Set(keys).size).toBe(keys.length)
})

describe('the table of dirt', () => {
  const streams = new Map(
    legacyStreams({ documents: 40_000, seed: 3 }).map((each) => [each.collection, each]),
  )

  it('has a row for every kind that somebody can make', () => {
    for (const collection of streams.keys()) {
      const rows = dirtOf(collection).map(({ kind }) => kind)
      if (rows.length === 0) continue
      const kinds = Object.keys(dirtyingsOf(collection))
      expect([collection, kinds.filter((kind) => !rows.includes(kind))]).toEqual([collection, []])
    }
    expect(Object.keys(everywhereDirt).length).toBeGreaterThan(0)
  })

  it('names no kind twice, and no outcome without a path', () => {
    const names = dirtTable.map(({ collection, kind }) => `${collection} ${kind}`)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
    expect(dirtTable.filter(({ paths }) => paths.length === 0)).toEqual([])
  })

  it('is kept to: each kind is as often as its share says', () => {
    const counts = new Map<string, number>()
    let documents = 0
    for (const { kinds } of streams.get('selleroffers')?.documents() ?? []) {
      documents += 1
      for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
    for (const { kind, share } of dirtOf('selleroffers')) {
      const found = counts.get(kind) ?? 0
      const expected = share * documents
      expect([kind, Math.abs(found - expected) <= 2 + expected * 0.1]).toEqual([kind, true])
    }
  })
})

describe('the stories', () => {
  const ids = new Map(
    few.map(({ collection, documents }) => [collection, new Set(documents.map(({ _id }) => String(_id)))]),
  )

  /** References of clean documents have their target; dirt is what dangles. */
  it.each([
    ['selleroffers', 'purchaseRequestId', 'purchaserequests', ['request-gone']],
    ['selleroffers', 'sellerId', 'users', ['seller-gone']],
    ['purchaserequests', 'buyerId', 'users', ['buyer-gone']],
    ['purchaserequests', 'categoryId', 'categories', ['category-gone']],
    ['purchaserequests', 'selectedOfferId', 'selleroffers', ['selected-offer-gone']],
    ['payments', 'buyerId', 'users', ['buyer-gone']],
    [
      'payments',
      'purchaseRequestId',
      'purchaserequests',
      ['request-gone', 'request-of-template', 'request-of-another-system'],
    ],
    ['payments', 'sellerOfferId', 'selleroffers', ['offer-gone']],
    ['fundsledgerentries', 'paymentId', 'payments', ['payment-gone', 'payment-of-the-past']],
    ['pointtransactions', 'user', 'users', ['user-gone']],
    ['disputes', 'purchaseRequestId', 'purchaserequests', ['request-gone']],
    ['disputes', 'chatId', 'chats', ['chat-of-another-system']],
    ['addresses', 'userId', 'users', ['user-gone']],
    ['notifications', 'userId', 'users', ['user-gone', 'user-invalid']],
  ] as const)('%s refer by %s to %s, but for dirt', (collection, path, target, dirt) => {
    const [stream] = legacyStreams({ documents: 2_000, seed: 1, collections: [collection] })
    let found = 0
    for (const { document, kinds } of stream?.documents() ?? []) {
      const id = document[path]
      if (id === undefined || id === null) continue
      const exists = ids.get(target)?.has(String(id)) ?? false
      expect([kinds, exists]).toEqual([
        kinds,
        !kinds.some((kind) => (dirt as readonly string[]).includes(kind)),
      ])
      found += 1
    }
    expect(found).toBeGreaterThan(0)
  })

  it('have ledgers that add up: what came in is there still, went out, or came back', () => {
    const sizes = sizesFor(2_000)
    const world = { seed: 1, now: Date.UTC(2026, 5, 1), sizes, dirtTimes: 1, largeChats: false }
    let ended = 0
    for (const story of stories(world)) {
      const sum = (...kinds: string[]) =>
        story.ledger.filter(({ kind }) => kinds.includes(kind)).reduce((total, { parts }) => total + parts, 0)
      expect(sum('payin')).toBe(story.ledger.length === 0 ? 0 : story.parts)
      const out = sum('release_init', 'refund_init')
      if (out === 0) continue
      expect(out + sum('platform_fee')).toBe(story.parts)
      expect(sum('hold')).toBe(sum('unhold'))
      ended += 1
    }
    expect(ended).toBeGreaterThan(sizes.stories / 4)
  })

  it('lie in the two years before the present, and notifications in its last weeks', () => {
    const now = new Date(Date.UTC(2026, 10, 25))
    const streams = legacyStreams({
      documents: 500,
      seed: 1,
      now,
      collections: ['purchaserequests', 'notifications'],
    })
    for (const { collection, documents } of streams) {
      const days = collection === 'notifications' ? 90 : 731
      for (const { document } of documents()) {
        if (!(document.createdAt instanceof Date)) continue
        const age = (now.getTime() - document.createdAt.getTime()) / 86_400_000
        expect(age).toBeGreaterThanOrEqual(0)
        expect(age).toBeLessThan(days)
      }
    }
  })
})

it('makes a chat near 16 MB only when asked', () => {
  const largest = (largeChats: boolean) => {
    let bytes = 0
    const [stream] = legacyStreams({ documents: 400, seed: 1, largeChats, collections: ['chats'] })
    for (const { document } of stream?.documents() ?? [])
      bytes = Math.max(bytes, EJSON.stringify(document).length)
    return bytes
  }
  expect(largest(false)).toBeLessThan(2_000_000)
  expect(largest(true)).toBeGreaterThan(12_000_000)
})
