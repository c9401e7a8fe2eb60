import type { Clock } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../platform/ids.ts'
import type { AddressRepositories, Units } from '../../units.ts'
import { type Address, type AddressChanges, compareAddresses, type NewAddress } from './model.ts'

export interface AddressService {
  /** Primary first, then newest first. */
  list(userId: EntityId): Promise<Address[]>
  /** Raises NOT_FOUND, also for somebody else's; so do the others below. */
  get(userId: EntityId, id: EntityId): Promise<Address>
  /** The first address of a person is the primary one unless it says otherwise. Raises PRIMARY_ADDRESS_TAKEN. */
  create(userId: EntityId, input: NewAddress): Promise<Address>
  /** Raises PRIMARY_ADDRESS_TAKEN. */
  change(userId: EntityId, id: EntityId, changes: AddressChanges): Promise<Address>
  remove(userId: EntityId, id: EntityId): Promise<void>
}

export function createAddressService({
  units,
  clock,
}: {
  units: Pick<Units, 'address'>
  clock: Clock
}): AddressService {
  const store = units.address

  return {
    async list(userId) {
      return (await store.read.addresses.listOf(userId)).sort(compareAddresses)
    },

    get: (userId, id) => ownAddress(store.read, userId, id),

    create: (userId, input) =>
      store.transaction(async ({ addresses }) => {
        const now = clock.now()
        const primary = input.primary ?? (await addresses.listOf(userId)).length === 0
        const address: Address = {
          ...input,
          id: newId(now),
          userId,
          phoneNumber: input.phoneNumber ?? null,
          zipCode: input.zipCode ?? null,
          primary,
          createdAt: now,
          updatedAt: now,
        }
        if (primary) await addresses.demoteOthers(userId, address.id, now)
        await addresses.insert(address)
        return address
      }),

    change: (userId, id, changes) =>
      store.transaction(async (repositories) => {
        const now = clock.now()
        await ownAddress(repositories, userId, id)
        if (changes.primary === true) await repositories.addresses.demoteOthers(userId, id, now)
        await repositories.addresses.update(id, changes, now)
        return ownAddress(repositories, userId, id)
      }),

    remove: (userId, id) =>
      store.transaction(async (repositories) => {
        await ownAddress(repositories, userId, id)
        await repositories.addresses.remove(id)
      }),
  }
}

/** Somebody else's is not told from one that does not exist. */
async function ownAddress(
  { addresses }: AddressRepositories,
  userId: EntityId,
  id: EntityId,
): Promise<Address> {
  const found = await addresses.find(id)
  if (found === null || found.userId !== userId) throw notFound('address', publicId(id))
  return found
}
