import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { AddressRepositories } from '../../units.ts'
import type { Address } from './model.ts'

type Store = UnitStore<AddressRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-01T10:05:00.000Z')

/** An address of today's form. */
export function exampleAddress(userId: EntityId, changes: Partial<Address> = {}): Address {
  return {
    id: newId(),
    userId,
    name: 'خانه',
    phoneNumber: '+989121234567',
    fullAddress: 'خیابان ولیعصر ۱۲',
    city: 'تهران',
    state: 'Tehran',
    country: 'IR',
    zipCode: '0012345',
    addressType: 'Home',
    primary: false,
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

async function insert(store: Store, ...all: Address[]): Promise<void> {
  await store.transaction(async ({ addresses }) => {
    for (const one of all) await addresses.insert(one)
  })
}

/** What every implementation of `AddressRepository` must do. */
export function addressRepositoryContract(freshStore: () => Promise<Store>, count: CountStatements): void {
  test('an address comes back as it was stored, absent values included', async () => {
    const store = await freshStore()
    const full = exampleAddress(newId(), { primary: true })
    const bare = exampleAddress(newId(), {
      name: null,
      phoneNumber: null,
      zipCode: null,
      addressType: null,
      primary: null,
    })
    await insert(store, full, bare)
    expect(await store.read.addresses.find(full.id)).toEqual(full)
    expect(await store.read.addresses.find(bare.id)).toEqual(bare)
    expect(await store.read.addresses.find(newId())).toBeNull()
  })

  test('the addresses of one person, and of nobody else', async () => {
    const store = await freshStore()
    const userId = newId()
    const all = [exampleAddress(userId), exampleAddress(userId), exampleAddress(newId())]
    await insert(store, ...all)
    const found = await store.read.addresses.listOf(userId)
    expect(found.map(({ id }) => id).sort()).toEqual(all.slice(0, 2).map(({ id }) => id))
    expect(await store.read.addresses.listOf(newId())).toEqual([])
  })

  test('a change leaves alone what it does not name, and can take values away', async () => {
    const store = await freshStore()
    const before = exampleAddress(newId())
    await insert(store, before)
    const changes = { city: 'Berlin', zipCode: null, addressType: 'Office' as const }
    await store.transaction(({ addresses }) => addresses.update(before.id, changes, later))
    expect(await store.read.addresses.find(before.id)).toEqual({ ...before, ...changes, updatedAt: later })
  })

  test('the others are demoted, those of other people stay', async () => {
    const store = await freshStore()
    const userId = newId()
    const [old, plain, next] = [
      exampleAddress(userId, { primary: true }),
      exampleAddress(userId),
      exampleAddress(userId, { primary: true }),
    ]
    const foreign = exampleAddress(newId(), { primary: true })
    await insert(store, old, plain, foreign)
    await store.transaction(async ({ addresses }) => {
      await addresses.demoteOthers(userId, next.id, later)
      await addresses.insert(next)
    })
    expect(await store.read.addresses.find(old.id)).toEqual({ ...old, primary: false, updatedAt: later })
    expect(await store.read.addresses.find(plain.id)).toEqual(plain)
    expect(await store.read.addresses.find(next.id)).toEqual(next)
    expect(await store.read.addresses.find(foreign.id)).toEqual(foreign)
  })

  test('two at once leave one primary address', async () => {
    const store = await freshStore()
    const userId = newId()
    const all = [0, 1, 2].map(() => exampleAddress(userId))
    const [first] = all
    await insert(store, ...all.map((one) => (one === first ? { ...one, primary: true } : one)))
    const makePrimary = (id: EntityId) =>
      store.transaction(async ({ addresses }) => {
        await addresses.demoteOthers(userId, id, later)
        await addresses.update(id, { primary: true }, later)
      })
    await Promise.all(all.slice(1).map(({ id }) => makePrimary(id)))
    const found = await store.read.addresses.listOf(userId)
    expect(found.filter(({ primary }) => primary === true)).toHaveLength(1)
  })

  test('a removed address is gone', async () => {
    const store = await freshStore()
    const one = exampleAddress(newId())
    await insert(store, one)
    await store.transaction(({ addresses }) => addresses.remove(one.id))
    expect(await store.read.addresses.find(one.id)).toBeNull()
  })

  test('what it asks its store does not grow with the number of addresses', async () => {
    const store = await freshStore()
    const [few, many] = [newId(), newId()]
    await insert(store, exampleAddress(few, { primary: true }), exampleAddress(many, { primary: true }))
    await insert(store, ...Array.from({ length: 20 }, () => exampleAddress(many)))
    const counts = async (userId: EntityId) => [
      await count(() => store.read.addresses.listOf(userId)),
      await count(() => store.transaction(({ addresses }) => addresses.demoteOthers(userId, newId(), later))),
    ]
    const expected = await counts(few)
    expect(expected[0]).toBe(1)
    expect(await counts(many)).toEqual(expected)
  })
}
