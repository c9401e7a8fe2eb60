import type { Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCategoryReadModel } from '../domains/marketplace/category/index.ts'
import { createRequestReadModel } from '../domains/marketplace/request/index.ts'
import { createPaymentReadModel } from '../domains/payment/index.ts'
import { createUserReadModel } from '../domains/user/index.ts'
import type { EntityId } from '../platform/ids.ts'
import { statementsOf } from '../testing/counted-statements.ts'
import type { UnitName, Units } from '../units.ts'
import { configure } from './landbridge.config.ts'
import { lenientId } from './lenient.ts'
import { commandsOf } from './testing/counted-commands.ts'
import { type GeneratedStores, generatedStores } from './testing/generated-stores.ts'
import { type PopulatePath, populatePaths } from './testing/populate-paths.ts'

/** How the referenced entities are read now that nothing populates. */
interface Way {
  /** The model whose entities it answers, and the unit that owns them. */
  model: string
  unit: UnitName
  /** Whether other units may ask: through the owner's read model. */
  isReadModel: boolean
  /** Which of these ids exist; all asked for at once. */
  find(units: Units, ids: EntityId[]): Promise<EntityId[]>
}

const keysOf = async (found: Promise<Map<EntityId, unknown>>) => [...(await found).keys()]
const idsOf = async (found: Promise<{ id: EntityId }[]>) => (await found).map(({ id }) => id)

const ways = {
  'users of the unit': {
    model: 'User',
    unit: 'user',
    isReadModel: false,
    find: ({ user }, ids) => idsOf(user.read.users.findMany(ids)),
  },
  'summaries of users': {
    model: 'User',
    unit: 'user',
    isReadModel: true,
    find: (units, ids) => keysOf(createUserReadModel(units).summaries(ids)),
  },
  'categories of the unit': {
    model: 'Category',
    unit: 'category',
    isReadModel: false,
    find: ({ category }, ids) => idsOf(category.read.categories.findMany(ids)),
  },
  'names of categories': {
    model: 'Category',
    unit: 'category',
    isReadModel: true,
    find: (units, ids) => keysOf(createCategoryReadModel(units).names(ids)),
  },
  'requests of the unit': {
    model: 'PurchaseRequest',
    unit: 'request',
    isReadModel: false,
    find: ({ request }, ids) => idsOf(request.read.requests.findMany(ids)),
  },
  'summaries of requests': {
    model: 'PurchaseRequest',
    unit: 'request',
    isReadModel: true,
    find: (units, ids) => keysOf(createRequestReadModel(units).requests(ids)),
  },
  'offers of the unit': {
    model: 'SellerOffer',
    unit: 'request',
    isReadModel: false,
    find: ({ request }, ids) => idsOf(request.read.offers.findMany(ids)),
  },
  'templates of the unit': {
    model: 'RequestTemplate',
    unit: 'request',
    isReadModel: false,
    find: ({ request }, ids) => idsOf(request.read.templates.findMany(ids)),
  },
  'payments by their ids': {
    model: 'Payment',
    unit: 'payment',
    isReadModel: true,
    find: (units, ids) => keysOf(createPaymentReadModel(units).payments(ids)),
  },
} as const satisfies Record<string, Way>

/** Every path that the old system populated, and what answers it. A new `ref` in a legacy model needs a line here. */
const answers: Record<string, keyof typeof ways> = {
  'Address.userId': 'summaries of users',
  'Category.parentId': 'categories of the unit',
  'Chat.lastMessage.senderId': 'summaries of users',
  'Chat.messages.reactions.users': 'summaries of users',
  'Chat.messages.readBy.userId': 'summaries of users',
  'Chat.messages.senderId': 'summaries of users',
  'Chat.participants.userId': 'summaries of users',
  'ConfigSetting.updatedBy': 'summaries of users',
  'ConfigSettingHistory.changedBy': 'summaries of users',
  'DerivedDestination.buyerId': 'summaries of users',
  'Dispute.adminId': 'summaries of users',
  'Dispute.buyerId': 'summaries of users',
  'Dispute.evidence.uploadedBy': 'summaries of users',
  'Dispute.messages.senderId': 'summaries of users',
  'Dispute.openedBy': 'summaries of users',
  'Dispute.paymentId': 'payments by their ids',
  'Dispute.purchaseRequestId': 'summaries of requests',
  'Dispute.resolution.resolvedBy': 'summaries of users',
  'Dispute.sellerId': 'summaries of users',
  'Dispute.timeline.performedBy': 'summaries of users',
  'Payment.buyerId': 'summaries of users',
  'PointTransaction.referredUser': 'users of the unit',
  'PointTransaction.user': 'users of the unit',
  'PurchaseRequest.buyerId': 'summaries of users',
  'PurchaseRequest.cancelledBy': 'summaries of users',
  'PurchaseRequest.categoryId': 'names of categories',
  'PurchaseRequest.offers': 'offers of the unit',
  'PurchaseRequest.preferredSellerIds': 'summaries of users',
  'PurchaseRequest.selectedOfferId': 'offers of the unit',
  'PurchaseRequest.templateId': 'templates of the unit',
  'RequestTemplate.categoryId': 'names of categories',
  'RequestTemplate.sellerId': 'summaries of users',
  'Review.purchaseRequestId': 'summaries of requests',
  'Review.reviewerId': 'summaries of users',
  'Review.sellerId': 'summaries of users',
  'SellerOffer.purchaseRequestId': 'requests of the unit',
  'SellerOffer.sellerId': 'summaries of users',
  'ShopSettings.sellerId': 'summaries of users',
  'TelegramLink.userId': 'users of the unit',
  'TelegramSession.userId': 'summaries of users',
  'TrezorAccount.addresses.paymentId': 'payments by their ids',
  'TrezorAccount.userId': 'summaries of users',
  'User.referredBy': 'users of the unit',
}

function wayOf(name: string): Way {
  const answer = answers[name]
  if (answer === undefined) throw new Error(`nothing answers ${name}`)
  return ways[answer]
}

let stores: GeneratedStores
let paths: PopulatePath[]
const units = configure({ rehearsal: false, mongoIsStandIn: true }).units
beforeAll(async () => {
  stores = await generatedStores(
    units.flatMap(({ mappings }) => mappings),
    { documents: 300, seed: 5 },
  )
  paths = await populatePaths(stores.mongo.connection)
}, 120_000)
afterAll(() => stores[Symbol.asyncDispose]())

const unitOf = (collection: string) =>
  units.find(({ mappings }) => mappings.some((mapping) => mapping.collection === collection))?.name

test('every populate path has an answer, and no answer is for nothing', () => {
  expect(Object.keys(answers).sort()).toEqual(paths.map(({ name }) => name))
})

test('it comes from the owner of what is referenced: within the unit, or by the read model across units', () => {
  for (const { name, collection, ref } of paths) {
    const way = wayOf(name)
    expect({ name, model: way.model }).toEqual({ name, model: ref })
    expect({ name, isReadModel: way.isReadModel }).toEqual({
      name,
      isReadModel: unitOf(collection) !== way.unit,
    })
  }
})

test('both stores find exactly what populate finds', async () => {
  const { connection } = stores.mongo
  let found = 0
  for (const { name, collection, path, ref } of paths) {
    const documents = await connection.collection(collection).find({}).toArray()
    const ids = [...new Set(documents.flatMap((document) => referencesAt(document, path.split('.'))))]
    const way = wayOf(name)
    const answered = await stores.sameAnswer(async (units) => (await way.find(units, ids)).sort())
    const model = connection.model(ref)
    const existing = await model.collection.find({}, { projection: { _id: 1 } }).toArray()
    const known = new Set(existing.map(({ _id }) => lenientId(_id)))
    expect({ name, answered }).toEqual({ name, answered: ids.filter((id) => known.has(id)).sort() })
    found += answered.length
  }
  expect(found).toBeGreaterThan(100)
})

describe.each(Object.entries<Way>(ways))('%s', (_name, { model, find }) => {
  test('are read by as many queries for many ids as for two', async () => {
    const existing = await stores.mongo.connection.model(model).collection.find({}).limit(30).toArray()
    const ids = existing.flatMap(({ _id }) => lenientId(_id) ?? [])
    expect(ids.length).toBeGreaterThan(2)
    const { mongo, database } = stores
    for (const [units, count] of [
      [mongo.units, commandsOf(mongo.connection)],
      [database.units, statementsOf(database.pool)],
    ] as const) {
      const forMany = await count(() => find(units, ids))
      expect(forMany).toBe(await count(() => find(units, ids.slice(0, 2))))
      expect(forMany).toBeLessThanOrEqual(3)
    }
  })
})

/** The ids at a path, through arrays, as `populate` walks it. */
function referencesAt(value: unknown, [first, ...rest]: string[]): EntityId[] {
  if (Array.isArray(value)) {
    return value.flatMap((element) => referencesAt(element, first === undefined ? [] : [first, ...rest]))
  }
  if (first === undefined) return [lenientId(value)].filter((id) => id !== null)
  const isDocument = typeof value === 'object' && value !== null && !('_bsontype' in value)
  return isDocument ? referencesAt((value as Document)[first], rest) : []
}
