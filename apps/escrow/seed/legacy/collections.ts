import type { Document } from 'bson'
import { actorDocuments } from './actors.ts'
import type { UniqueValues } from './apply-dirt.ts'
import { chats } from './documents/chats.ts'
import { telegramSessions, trezorAccounts } from './documents/devices.ts'
import { disputes } from './documents/disputes.ts'
import { category, purchaseRequest, sellerOffers } from './documents/marketplace.ts'
import { counters, derivedDestinations, ledgerEntries, payments } from './documents/money.ts'
import { addresses, pointTransactions, telegramLinks, tempVerification, user } from './documents/people.ts'
import {
  configSettingHistory,
  configSettings,
  levelConfigs,
  requestTemplates,
  shopSettings,
} from './documents/shops.ts'
import { blogPost, notifications, reviews } from './documents/talk.ts'
import { type Story, stories } from './world/stories.ts'
import type { World } from './world/world.ts'

/** How a collection comes about: its clean documents, one by one, and what else MongoDB holds to be unique there. */
export interface CollectionPlan {
  collection: string
  clean(world: World): Iterable<Document>
  unique: UniqueValues
  /** What stands before the others and stays clean. */
  fixed?: () => Document[]
}

type OfPerson = (world: World, index: number) => Iterable<Document>
type OfStory = (world: World, story: Story) => Iterable<Document>

function ofPeople(collection: string, make: OfPerson, unique: UniqueValues = {}): CollectionPlan {
  return { collection, clean: (world) => each(world.sizes.people, (index) => make(world, index)), unique }
}

function ofStories(collection: string, make: OfStory, unique: UniqueValues = {}): CollectionPlan {
  const clean = function* (world: World) {
    for (const story of stories(world)) yield* make(world, story)
  }
  return { collection, clean, unique }
}

function* each(count: number, make: (index: number) => Iterable<Document>): Generator<Document> {
  for (let index = 0; index < count; index += 1) yield* make(index)
}

/** Documents that only one of a kind may be like: MongoDB has refused the later ones. */
function firstOfEach(plan: CollectionPlan, keyOf: (document: Document) => string): CollectionPlan {
  const clean = function* (world: World) {
    const seen = new Set<string>()
    for (const document of plan.clean(world)) {
      const key = keyOf(document)
      if (seen.has(key)) continue
      seen.add(key)
      yield document
    }
  }
  return { ...plan, clean }
}

const text = (name: string) => (number: number) => `import-${name}-${number}`

/** Every collection of the legacy system, in the order of its units. */
export const collectionPlans: readonly CollectionPlan[] = [
  {
    collection: 'users',
    clean: (world) => each(world.sizes.people, (index) => [user(world, index)]),
    unique: { email: text('email'), referralCode: text('code'), passkeys: () => [] },
    fixed: actorDocuments,
  },
  ofPeople('pointtransactions', pointTransactions),
  ofPeople('telegramlinks', telegramLinks),
  {
    collection: 'tempverifications',
    clean: (world) =>
      each(Math.max(4, Math.round(world.sizes.people / 20)), (index) => [tempVerification(world, index)]),
    unique: { email: text('email') },
  },
  {
    collection: 'categories',
    clean: (world) => each(world.sizes.categories, (index) => [category(world, index)]),
    unique: {},
  },
  ofPeople('shopsettings', shopSettings, { sellerId: text('seller') }),
  { collection: 'levelconfigs', clean: levelConfigs, unique: { level: (number) => -number } },
  { collection: 'configsettings', clean: configSettings, unique: { key: text('key') } },
  { collection: 'configsettinghistories', clean: configSettingHistory, unique: {} },
  {
    collection: 'purchaserequests',
    clean: function* (world) {
      for (const story of stories(world)) yield purchaseRequest(world, story)
    },
    unique: {},
  },
  ofStories('selleroffers', sellerOffers),
  ofPeople('requesttemplates', requestTemplates, { shareableLink: text('link') }),
  ofStories('payments', payments),
  ofStories('fundsledgerentries', ledgerEntries, { idempotencyKey: text('entry') }),
  ofStories('deriveddestinations', derivedDestinations, {
    derivationIndex: (number) => -number,
    address: text('address'),
    sellerOfferId: text('offer'),
  }),
  { collection: 'counters', clean: counters, unique: {} },
  ofStories('disputes', disputes),
  ofPeople('addresses', addresses),
  firstOfEach(
    ofStories('reviews', reviews, { subjectId: text('subject') }),
    ({ subjectId, reviewerId }) => `${subjectId} ${reviewerId}`,
  ),
  {
    collection: 'blogposts',
    clean: (world) => each(world.sizes.posts, (index) => [blogPost(world, index)]),
    unique: { slug: text('post') },
  },
  ofStories('notifications', notifications),
  ofPeople('trezoraccounts', trezorAccounts, { userId: text('owner'), addresses: () => [] }),
  ofStories('chats', chats),
  ofPeople('telegramsessions', telegramSessions, { token: text('token') }),
]
