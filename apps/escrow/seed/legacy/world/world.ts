import type { ObjectId } from 'bson'
import { hashOf, idOf, type Random, seededRandom } from '../random.ts'

export const day = 86_400_000
export const hour = 3_600_000
const twoYears = 730 * day

/** How many there are of what everything else follows from. */
export interface Sizes {
  people: number
  /** Purchase requests, each with the offers, payments and talk that belong to it. */
  stories: number
  categories: number
  posts: number
  /** Levels that are out of use, beside the five. */
  oldLevels: number
  /** Settings that nobody reads any more, beside the known ones; three changes each. */
  oldSettings: number
}

/** One marketplace: its seed, its present, and how large it is. Nothing in it is looked up, everything is computed. */
export interface World {
  seed: number
  /** The present, in milliseconds: what happened lies in the two years before it. */
  now: number
  sizes: Sizes
  /** Shares of dirt are so many times what the table says. */
  dirtTimes: number
  /** Adds a chat near MongoDB's limit of 16 MB. */
  largeChats: boolean
}

export function idIn(world: World, what: string, index: number, at: number): ObjectId {
  return idOf(world.seed, what, index, at)
}

/** The choices about one thing. */
export function randomOf(world: World, what: string, index: number): Random {
  return seededRandom(hashOf(world.seed, what, index))
}

/** When the `index`th of `count` things happened: in the order of their numbers, over two years. */
export function momentOf(world: World, what: string, index: number, count: number): number {
  const jitter = (hashOf(world.seed, `${what} moment`, index) / 4_294_967_296) * 0.8
  const fraction = (index + jitter) / Math.max(1, count)
  return Math.floor(world.now - twoYears + fraction * (twoYears - day))
}

/** The part of the two years that had passed. */
export function passedAt(world: World, at: number): number {
  return Math.min(1, Math.max(0, (at - (world.now - twoYears)) / (twoYears - day)))
}

/** Nothing happened later than now. */
export function notAfterNow(world: World, at: number): Date {
  return new Date(Math.min(at, world.now - 1_000))
}

/** What a story brings and a person brings to the other collections, in documents, on average: measured. */
const documentsPerStory = 6.6
const documentsPerPerson = 4.15

/** Sizes that give about so many documents in all. */
export function sizesFor(documents: number): Sizes {
  const categories = Math.min(400, Math.max(8, Math.round(documents / 200)))
  const posts = Math.min(2_000, Math.max(3, Math.round(documents / 250)))
  // As many requests as people.
  const each = Math.max(
    20,
    Math.round((documents - categories - posts - 60) / (documentsPerStory + documentsPerPerson)),
  )
  const old = {
    oldLevels: Math.min(20, Math.round(documents / 4_000)),
    oldSettings: Math.round(documents / 1_500),
  }
  return { people: each, stories: each, categories, posts, ...old }
}
