import type { ObjectId } from 'bson'
import type { Random } from '../random.ts'
import { someBuyer, someSellers, someTemplateSeller } from './people.ts'
import { type Plot, plotOf } from './plots.ts'
import { day, hour, idIn, momentOf, randomOf, type World } from './world.ts'

/** Money of the stories is whole numbers of this part of a unit, so that nothing is rounded. */
export const partsOfUnit = 10_000

export interface OfferFact {
  id: ObjectId
  at: number
  sellerId: ObjectId
  parts: number
  status: string
}

export interface LedgerFact {
  id: ObjectId
  at: number
  kind: string
  parts: number
}

/** One request and what came of it: the documents of many collections are told from this alone. */
export interface Story {
  index: number
  plot: Plot
  id: ObjectId
  at: number
  buyerId: ObjectId
  categoryId: ObjectId
  currency: 'USDT' | 'USDC'
  /** What was agreed upon, or hoped for. */
  parts: number
  offers: OfferFact[]
  payment: { id: ObjectId; at: number } | null
  /** The template that it was made from, by the number of its seller. */
  templateOf: number | null
  ledger: LedgerFact[]
  dispute: { id: ObjectId; at: number; chatId: ObjectId } | null
  /** For whatever one of the documents needs beyond the facts. */
  random(what: string): Random
}

export function storyAt(world: World, index: number): Story {
  const random = randomOf(world, 'story', index)
  const plot = plotOf(index)
  const at = momentOf(world, 'story', index, world.sizes.stories)
  // Even, so that a fee of 2.5 % is a whole number of parts.
  const parts = random.int(5, 250_000) * 2 * (partsOfUnit / 100)
  const sellers = someSellers(world, random, at, plot.offers)
  const paidAt = at + 2 * day + random.int(0, 3_000_000)
  const idOf = (what: string, place: number, when: number) =>
    idIn(world, `story ${what}`, index * 16 + place, when)
  return {
    index,
    plot,
    id: idOf('request', 0, at),
    at,
    buyerId: someBuyer(world, random, at),
    categoryId: categoryId(world, random.int(0, world.sizes.categories - 1)),
    currency: random.chance(0.8) ? 'USDT' : 'USDC',
    parts,
    offers: sellers.map((sellerId, place) => {
      const offeredAt = at + (place + 1) * 5 * hour
      return {
        id: idOf('offer', place, offeredAt),
        at: offeredAt,
        sellerId,
        parts: parts + place * 2 * partsOfUnit,
        status: plot.chosen ? (place === 0 ? 'accepted' : 'rejected') : statusOf(plot),
      }
    }),
    payment: plot.payment === null ? null : { id: idOf('payment', 0, paidAt), at: paidAt },
    templateOf: plot.status === 'pending_payment' ? someTemplateSeller(world, random, at) : null,
    ledger: plot.ledger.map((kind, place) => {
      const enteredAt = paidAt + (place + 1) * 20 * hour
      return { id: idOf('ledger', place, enteredAt), at: enteredAt, kind, parts: partsOf(kind, parts, plot) }
    }),
    dispute: plot.dispute === null ? null : disputeOf(paidAt + 5 * day),
    random: (what) => randomOf(world, `story ${what}`, index),
  }

  function disputeOf(openedAt: number): NonNullable<Story['dispute']> {
    return { id: idOf('dispute', 0, openedAt), at: openedAt, chatId: idOf('dispute chat', 0, openedAt) }
  }
}

export function categoryId(world: World, index: number): ObjectId {
  return idIn(world, 'category', index, categoryMoment(world, index))
}

/** Categories were there from the beginning, each a little later than the one before. */
export function categoryMoment(world: World, index: number): number {
  return world.now - 800 * day + index * 60_000
}

const statusOf = (plot: Plot) => (plot.status === 'cancelled' ? 'rejected' : 'pending')

/** 2.5 % stay with the platform; the rest goes out. */
function partsOf(kind: string, parts: number, plot: Plot): number {
  const fee = (parts * 25) / 1_000
  if (kind === 'platform_fee') return fee
  return kind.startsWith('release_') && plot.ledger.includes('platform_fee') ? parts - fee : parts
}

/** Every request that was made. */
export function* stories(world: World): Generator<Story> {
  for (let index = 0; index < world.sizes.stories; index += 1) yield storyAt(world, index)
}
