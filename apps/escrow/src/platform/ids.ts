import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { DomainError } from './errors.ts'

/**
 * The one form in which the application passes an id around: the text of a UUIDv8 that contains the entity's ObjectId.
 * The bijection is written down here a second time on purpose (the engine has its own): this file outlives the engine.
 */
export type EntityId = string & { readonly __brand: 'EntityId' }

const OBJECT_ID = /^[0-9a-f]{24}$/i
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{6}4c4231$/i

/** The id of the entity whose ObjectId is `hex` (24 hex digits). */
function fromObjectIdHex(hex: string): EntityId {
  const h = hex.toLowerCase()
  // 96 bits of the ObjectId around the version and variant nibbles; the last three bytes are the mark "LB1".
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(12, 15)}-8${h.slice(15, 18)}-${h.slice(18, 24)}4c4231` as EntityId
}

/** The id that clients know for ever: the 24 hex digits of the entity's ObjectId. */
export function publicId(id: EntityId): string {
  return id.slice(0, 8) + id.slice(9, 13) + id.slice(15, 18) + id.slice(20, 23) + id.slice(24, 30)
}

export function isEntityId(text: string): boolean {
  return OBJECT_ID.test(text) || UUID.test(text)
}

/** Accepts an ObjectId's 24 hex digits or one of our UUIDs. Throws INVALID_ID for anything else. */
export function parseId(text: string): EntityId {
  if (OBJECT_ID.test(text)) return fromObjectIdHex(text)
  if (UUID.test(text)) return text.toLowerCase() as EntityId
  throw new DomainError({
    code: 'INVALID_ID',
    status: 400,
    title: 'Invalid id',
    detail: `"${text.slice(0, 60)}" is not an id. Send the 24 hex digits that the API gave you.`,
  })
}

const processPart = randomBytes(5).toString('hex')
let counter = randomBytes(3).readUIntBE(0, 3)

/** A new id: an ObjectId of this process (seconds, process, counter), so that the way back to MongoDB stays open. */
export function newId(at: Date = new Date()): EntityId {
  counter = (counter + 1) % 0x1000000
  const seconds = Math.floor(at.getTime() / 1000)
    .toString(16)
    .padStart(8, '0')
    .slice(-8)
  return fromObjectIdHex(seconds + processPart + counter.toString(16).padStart(6, '0'))
}

/** An id at the border: 24 hex digits or our UUID in, `EntityId` out. */
export const idSchema = z
  .string()
  .refine(isEntityId, { message: 'Send the 24 hex digits of an id.' })
  .transform((text) => parseId(text))
