import { type Document, Double, Int32 } from 'bson'
import { partsOfUnit } from '../world/stories.ts'
import { notAfterNow, type World } from '../world/world.ts'

/** The times and the version of a document that Mongoose wrote. */
export function stamps(world: World, at: number, updatedAt = at): Document {
  return { createdAt: notAfterNow(world, at), updatedAt: notAfterNow(world, updatedAt), __v: 0 }
}

/** An amount as the driver writes it: whole numbers as Int32, others as Double. */
export function amountOf(parts: number): Int32 | Double {
  return parts % partsOfUnit === 0 ? new Int32(parts / partsOfUnit) : new Double(parts / partsOfUnit)
}

/** The member, if there is one: an absent value is a missing path, not a null. */
export function optional(key: string, value: unknown): Document {
  return value === undefined || value === null ? {} : { [key]: value }
}

export const image = (name: string) => `/uploads/${name}.webp`
