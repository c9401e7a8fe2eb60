import type { Document, ObjectId } from 'bson'
import { actorDocuments, actors } from './actors.ts'
import { category, purchaseRequest, sellerOffer } from './marketplace.ts'
import { ledgerEntry, payment } from './money.ts'
import { pointTransaction, tempVerification, user } from './people.ts'
import { type Random, seededRandom } from './random.ts'

export interface LegacyCollection {
  collection: string
  documents: Document[]
}

/** How many of each hundred documents belong to a collection; categories are few whatever the total. */
const shares = {
  users: 22,
  pointtransactions: 16,
  tempverifications: 1,
  purchaserequests: 22,
  selleroffers: 20,
  payments: 11,
  fundsledgerentries: 8,
}

/**
 * A legacy database of about `total` documents, from a seed: realistic, and as messy as four years of writers left it.
 * The same seed and total give the same documents.
 */
export function generateLegacyData(total: number, seed: number): LegacyCollection[] {
  const random = seededRandom(seed)
  const count = (share: keyof typeof shares) => Math.max(1, Math.round((total * shares[share]) / 100))
  const people = actors()

  const categories = build(Math.min(60, Math.max(5, Math.round(total / 200))), (index, earlier) =>
    category(random, index, idsOf(earlier)),
  )
  const users = build(count('users'), (index, earlier) => user(random, index, earlier))
  const buyers = [...people.buyers, ...idsOf(users.filter(({ role }) => role === 'buyer'))]
  const sellers = [...people.sellers, ...idsOf(users.filter(({ role }) => role === 'seller'))]
  const context = { buyers, sellers, categories: idsOf(categories) }
  const requests = build(count('purchaserequests'), () => purchaseRequest(random, context))
  const withRequests = { ...context, requests: idsOf(requests) }
  const offers = build(count('selleroffers'), () => sellerOffer(random, withRequests))
  const withOffers = { ...withRequests, offers: idsOf(offers) }
  const payments = build(count('payments'), () => payment(random, withOffers))
  const withPayments = { ...withOffers, payments: idsOf(payments) }

  return [
    { collection: 'categories', documents: categories },
    { collection: 'users', documents: [...actorDocuments(), ...users, ...unstorable(random)] },
    {
      collection: 'pointtransactions',
      documents: build(count('pointtransactions'), () =>
        pointTransaction(random, buyers, withRequests.requests),
      ),
    },
    {
      collection: 'tempverifications',
      documents: build(count('tempverifications'), (index) => tempVerification(random, index)),
    },
    { collection: 'purchaserequests', documents: requests },
    { collection: 'selleroffers', documents: offers },
    { collection: 'payments', documents: payments },
    {
      collection: 'fundsledgerentries',
      documents: build(count('fundsledgerentries'), () => ledgerEntry(random, withPayments)),
    },
  ]
}

/** Documents that cannot become rows at all: ids that are no ObjectId, from imports by hand. */
function unstorable(random: Random): Document[] {
  return ['import-1', 'import-2', 42].map((_id) => ({
    _id,
    firstName: random.pick(['Import', 'Old']),
    role: 'buyer',
  }))
}

function build(count: number, make: (index: number, earlier: readonly Document[]) => Document): Document[] {
  const made: Document[] = []
  for (let index = 0; index < count; index += 1) made.push(make(index, made))
  return made
}

function idsOf(documents: readonly Document[]): ObjectId[] {
  return documents.map((document) => document._id as ObjectId)
}
