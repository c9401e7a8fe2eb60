import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { TrezorRepositories } from '../../units.ts'
import type { NewIssuedAddress, NewTrezorAccount } from './model.ts'

type Store = UnitStore<TrezorRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-01T11:00:00.456Z')

let made = 0
const addressAt = (number: number) => `0xAbCdEf${String(number).padStart(34, '0')}`

export function exampleAccount(changes: Partial<NewTrezorAccount> = {}): NewTrezorAccount {
  made += 1
  return {
    id: newId(at),
    userId: newId(),
    xpub: `xpub6C${made}`,
    xpubFingerprint: '0a1b2c3d',
    basePath: "m/44'/60'/0'",
    registrationAddress: addressAt(made),
    deviceLabel: 'My Trezor',
    at,
    ...changes,
  }
}

export function exampleAddress(index: number, changes: Partial<NewIssuedAddress> = {}): NewIssuedAddress {
  made += 1
  return {
    index,
    address: addressAt(made),
    path: `m/44'/60'/0'/0/${index}`,
    purpose: 'payout',
    paymentId: null,
    issuedAt: later,
    ...changes,
  }
}

/** What every implementation of `TrezorRepository` must do. */
export function trezorRepositoryContract(freshStore: () => Promise<Store>, count: CountStatements): void {
  const insert = (store: Store, ...all: NewTrezorAccount[]) =>
    store.transaction(async ({ accounts }) => {
      for (const one of all) await accounts.insert(one)
    })
  const addTo = (store: Store, id: EntityId, ...all: NewIssuedAddress[]) =>
    store.transaction(async ({ accounts }) => {
      for (const one of all) await accounts.addAddress(id, one)
    })

  test('an account comes back as it was stored, its addresses in their order', async () => {
    const store = await freshStore()
    const account = exampleAccount()
    await insert(store, account, exampleAccount({ deviceLabel: null }))
    const addresses = [exampleAddress(1, { paymentId: newId() }), exampleAddress(2)]
    await addTo(store, account.id, ...addresses)
    const { at: born, ...fields } = account
    const expected = {
      ...fields,
      nextAddressIndex: 1,
      addresses,
      isActive: true,
      createdAt: born,
      updatedAt: born,
    }
    expect(await store.read.accounts.find(account.id)).toEqual(expected)
    expect(await store.read.accounts.findActive(account.userId)).toEqual(expected)
    expect(await store.read.accounts.listByXpub(account.xpub)).toEqual([expected])
    expect(await store.read.accounts.findByPayment(addresses[0]?.paymentId ?? newId())).toEqual(expected)
    expect(await store.read.accounts.findByPayment(newId())).toBeNull()
    expect(await store.read.accounts.findActive(newId())).toBeNull()
  })

  test('a person has one active account, and may come back to an older one', async () => {
    const store = await freshStore()
    const first = exampleAccount()
    const { userId } = first
    const second = exampleAccount({ userId })
    await insert(store, first)
    await expect(insert(store, second)).rejects.toMatchObject({ code: 'TREZOR_ACTIVE_EXISTS' })
    await store.transaction(async ({ accounts }) => {
      await accounts.deactivateOthers(userId, null, later)
      await accounts.insert(second)
    })
    expect((await store.read.accounts.findActive(userId))?.id).toBe(second.id)
    const reactivate = (work: (accounts: TrezorRepositories['accounts']) => Promise<void>) =>
      store.transaction(async ({ accounts }) => {
        await work(accounts)
        await accounts.update(first.id, { isActive: true, deviceLabel: 'again' }, later)
      })
    await expect(reactivate(async () => {})).rejects.toMatchObject({ code: 'TREZOR_ACTIVE_EXISTS' })
    await reactivate((accounts) => accounts.deactivateOthers(userId, first.id, later))
    expect(await store.read.accounts.findActive(userId)).toMatchObject({
      id: first.id,
      deviceLabel: 'again',
      updatedAt: later,
    })
    expect((await store.read.accounts.find(second.id))?.isActive).toBe(false)
  })

  test('index, address and payment are given out once', async () => {
    const store = await freshStore()
    const [one, two] = [exampleAccount(), exampleAccount()]
    await insert(store, one, two)
    const first = exampleAddress(1, { paymentId: newId() })
    await addTo(store, one.id, first)
    const refused = { code: 'TREZOR_ADDRESS_TAKEN' }
    await expect(addTo(store, one.id, exampleAddress(1))).rejects.toMatchObject(refused)
    const { address, paymentId } = first
    await expect(addTo(store, two.id, exampleAddress(1, { address }))).rejects.toMatchObject(refused)
    await expect(addTo(store, two.id, exampleAddress(1, { paymentId }))).rejects.toMatchObject(refused)
    await addTo(store, two.id, exampleAddress(1))
  })

  test('two transactions never take the same index', async () => {
    const store = await freshStore()
    const account = exampleAccount()
    await insert(store, account)
    const next = () =>
      store.transaction(async ({ accounts }) => {
        const held = await accounts.findActiveForUpdate(account.userId)
        const index = held?.nextAddressIndex ?? 0
        await accounts.addAddress(account.id, exampleAddress(index))
        await accounts.update(account.id, { nextAddressIndex: index + 1 }, later)
        return index
      })
    expect((await Promise.all([next(), next(), next()])).sort()).toEqual([1, 2, 3])
  })

  test('finding an account costs the same however many addresses it gave out', async () => {
    const store = await freshStore()
    const [few, many] = [exampleAccount(), exampleAccount()]
    await insert(store, few, many)
    await addTo(store, many.id, ...[1, 2, 3, 4, 5].map((index) => exampleAddress(index)))
    const find = ({ userId }: NewTrezorAccount) => count(() => store.read.accounts.findActive(userId))
    expect(await find(many)).toBe(await find(few))
  })
}
