import { ObjectId } from 'bson'
import { IdentityError } from './identity-error.ts'

/*
 * An ObjectId (96 bits) inside a UUID of version 8 (122 free bits):
 *
 *   hex digits 0-7 - 8-11 - 8 12-14 - 8 15-17 - 18-23 mark      (the two 8s: version 8, variant 10 with 00 behind it)
 *
 * The time comes first, so the UUIDs sort as the ObjectIds do. The 26 spare bits hold a constant, so that a UUID
 * from elsewhere is not taken for one of ours.
 */
const MARK = '4c4231'
const HEX_24 = /^[0-9a-f]{24}$/
const DERIVED = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{6}4c4231$/

/** Whether the text is exactly 24 lower-case hex digits. */
export function isObjectIdHex(text: string): boolean {
  return HEX_24.test(text)
}

/** The UUID (lower case, with dashes) that holds this ObjectId, given as 24 hex digits or as an ObjectId. */
export function uuidFromObjectId(id: string | { toHexString(): string }): string {
  const hex = (typeof id === 'string' ? id : id.toHexString()).toLowerCase()
  if (!HEX_24.test(hex)) {
    throw new IdentityError('identity-not-an-object-id', `"${hex}" is not an ObjectId (24 hex digits)`)
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18)}${MARK}`
}

/** The 24 hex digits inside a derived UUID. Throws `identity-foreign-uuid` for any other UUID. */
export function objectIdHexFromUuid(uuid: string): string {
  const text = uuid.toLowerCase()
  if (!isDerivedUuid(text)) {
    throw new IdentityError('identity-foreign-uuid', `"${uuid}" was not derived from an ObjectId`)
  }
  return text.slice(0, 8) + text.slice(9, 13) + text.slice(15, 18) + text.slice(20, 23) + text.slice(24, 30)
}

/** The ObjectId inside a derived UUID. Throws `identity-foreign-uuid` for any other UUID. */
export function objectIdFromUuid(uuid: string): ObjectId {
  return ObjectId.createFromHexString(objectIdHexFromUuid(uuid))
}

/** Whether this UUID was made by `uuidFromObjectId` (version, variant and mark are ours). */
export function isDerivedUuid(uuid: string): boolean {
  return DERIVED.test(uuid.toLowerCase())
}
