import type { ObjectId } from 'bson'
import { actors } from '../actors.ts'
import { hashOf, type Random } from '../random.ts'
import { day, idIn, momentOf, passedAt, randomOf, type World } from './world.ts'

export type PersonRole = 'buyer' | 'seller' | 'resolver'

/** What is true of one person, wherever they occur. */
export interface Person {
  index: number
  id: ObjectId
  role: PersonRole
  joinedAt: number
  /** Came by Telegram. */
  telegramUserId: number | null
  /** The number of the person who invited them. */
  invitedBy: number | null
}

// Of each twenty people twelve buy and seven sell: so the nth buyer is computed, not searched.
const roles: readonly PersonRole[] = [
  ...([
    'buyer',
    'seller',
    'buyer',
    'buyer',
    'seller',
    'buyer',
    'seller',
    'buyer',
    'buyer',
    'seller',
  ] as const),
  ...([
    'buyer',
    'buyer',
    'seller',
    'buyer',
    'seller',
    'buyer',
    'buyer',
    'seller',
    'buyer',
    'resolver',
  ] as const),
]
const placesOf = (role: PersonRole) => roles.flatMap((each, place) => (each === role ? [place] : []))
const places = { buyer: placesOf('buyer'), seller: placesOf('seller') }

/** Who was there before the first request. */
const founders = (world: World) => Math.max(20, Math.round(world.sizes.people * 0.12))

export function personAt(world: World, index: number): Person {
  const role = roles[index % roles.length] ?? 'buyer'
  const joinedAt = joinedAtOf(world, index)
  const luck = hashOf(world.seed, 'telegram', index)
  return {
    index,
    id: idIn(world, 'person', index, joinedAt),
    role,
    joinedAt,
    telegramUserId: luck % 8 === 0 ? 5_000_000_000 + index * 7 + (luck % 7) : null,
    invitedBy: invitedBy(world, index),
  }
}

function joinedAtOf(world: World, index: number): number {
  const first = founders(world)
  if (index < first) return world.now - 760 * day + Math.floor((index / first) * 29 * day)
  return momentOf(world, 'person', index - first, Math.max(1, world.sizes.people - first))
}

/** A person invites at most the five of the next numbers in their turn, so that both sides can count. */
function invitedBy(world: World, index: number): number | null {
  if (index < 5 || hashOf(world.seed, 'invited', index) % 4 !== 0) return null
  return Math.floor(index / 5)
}

/** The numbers of the people whom a person invited. */
export function invitedOf(world: World, index: number): number[] {
  return Array.from({ length: 5 }, (_, place) => index * 5 + place).filter(
    (each) => each < world.sizes.people && invitedBy(world, each) === index,
  )
}

/** How many people there were at a time. */
function peopleAt(world: World, at: number): number {
  const first = founders(world)
  const later = Math.floor((world.sizes.people - first) * passedAt(world, at)) - 1
  return Math.min(world.sizes.people, first + Math.max(0, later))
}

/** Some buyer of that time; now and then one of the actors. */
export function someBuyer(world: World, random: Random, at: number): ObjectId {
  if (random.chance(0.03)) return random.pick(actors().buyers)
  return personAt(world, nth(random.int(0, countOf(world, 'buyer', at) - 1), 'buyer')).id
}

/** `count` different sellers of that time. */
export function someSellers(world: World, random: Random, at: number, count: number): ObjectId[] {
  if (count === 1 && random.chance(0.05)) return [random.pick(actors().sellers)]
  const there = countOf(world, 'seller', at)
  const first = random.int(0, there - 1)
  return Array.from({ length: count }, (_, next) => personAt(world, nth((first + next) % there, 'seller')).id)
}

/** Sellers with a template: every third number, as far as it is a seller's. */
export const hasTemplate = ({ index, role }: Person) => role === 'seller' && index % 3 === 0

/** The number of some seller of that time who has a template. */
export function someTemplateSeller(world: World, random: Random, at: number): number {
  // Of each sixty numbers the seventh is one.
  return random.int(0, Math.floor((peopleAt(world, at) - 7) / 60)) * 60 + 6
}

/** Some person of that time, whatever they do. */
export function somePerson(world: World, random: Random, at: number): Person {
  return personAt(world, random.int(0, peopleAt(world, at) - 1))
}

const countOf = (world: World, role: 'buyer' | 'seller', at: number) =>
  Math.floor(peopleAt(world, at) / roles.length) * places[role].length

function nth(ordinal: number, role: 'buyer' | 'seller'): number {
  const own = places[role]
  return Math.floor(ordinal / own.length) * roles.length + (own[ordinal % own.length] ?? 0)
}

/** The choices about a person's document. */
export const personRandom = (world: World, index: number, what: string) =>
  randomOf(world, `person ${what}`, index)
