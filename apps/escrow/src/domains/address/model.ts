import { z } from 'zod'
import type { EntityId } from '../../platform/ids.ts'

export const addressTypes = ['Home', 'Office', 'Other'] as const
export type AddressType = (typeof addressTypes)[number]

/** Where a person gets things delivered. Old ones may lack anything but the id; null is "not there". */
export interface Address {
  id: EntityId
  userId: EntityId | null
  name: string | null
  phoneNumber: string | null
  fullAddress: string | null
  city: string | null
  state: string | null
  country: string | null
  zipCode: string | null
  /** The stored word; old versions wrote it in lower case. */
  addressType: string | null
  primary: boolean | null
  createdAt: Date | null
  updatedAt: Date | null
}

const line = z.string().trim().min(1).max(200)

export const newAddressSchema = z.object({
  name: line,
  phoneNumber: z.string().trim().max(40).nullish(),
  fullAddress: z.string().trim().min(1).max(500),
  city: line,
  state: line,
  country: line,
  zipCode: z.string().trim().max(20).nullish(),
  addressType: z.enum(addressTypes).default('Home'),
  /** Left out, the first address of a person becomes the primary one. */
  primary: z.boolean().optional(),
})
export type NewAddress = z.output<typeof newAddressSchema>

/** No defaults here: what a change does not name stays as it is. */
export const addressChangesSchema = z.object({
  name: line.optional(),
  phoneNumber: z.string().trim().max(40).nullish(),
  fullAddress: z.string().trim().min(1).max(500).optional(),
  city: line.optional(),
  state: line.optional(),
  country: line.optional(),
  zipCode: z.string().trim().max(20).nullish(),
  addressType: z.enum(addressTypes).optional(),
  primary: z.boolean().optional(),
})
export type AddressChanges = z.output<typeof addressChangesSchema>

/** The type as today's clients know it, also where old versions wrote it in lower case. */
export function typeOf({ addressType }: Pick<Address, 'addressType'>): string {
  if (addressType === null) return 'Home'
  return addressTypes.find((type) => type.toLowerCase() === addressType.toLowerCase()) ?? addressType
}

/**
 * Primary ones first, then the newest; the id breaks ties, so that both stores answer alike. Where old data has two
 * primary ones, the newer is first.
 */
export function compareAddresses(left: Address, right: Address): number {
  const byPrimary = Number(right.primary ?? false) - Number(left.primary ?? false)
  if (byPrimary !== 0) return byPrimary
  const byTime = (right.createdAt?.getTime() ?? -Infinity) - (left.createdAt?.getTime() ?? -Infinity)
  if (byTime > 0 || byTime < 0) return byTime
  return left.id > right.id ? -1 : 1
}
