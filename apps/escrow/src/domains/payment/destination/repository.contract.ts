import { expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { entityReference, referenceOf } from '../../../platform/reference.ts'
import type { UnitStore } from '../../../platform/unit-store.ts'
import type { CountStatements } from '../../../testing/counted-statements.ts'
import type { PaymentRepositories } from '../../../units.ts'
import type { NewDestination } from './model.ts'

type Store = UnitStore<PaymentRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-01T11:00:00.456Z')

let used = 1_000_000

export function exampleDestination(changes: Partial<NewDestination> = {}): NewDestination {
  used += 1
  const derivationIndex = changes.derivationIndex ?? used
  return {
    id: newId(at),
    buyerId: newId(),
    seller: entityReference(newId()),
    sellerOffer: entityReference(newId()),
    chainId: 56,
    address: `0xAb${String(derivationIndex).padStart(38, '0')}`,
    derivationIndex,
    path: `m/44'/60'/0'/0/${derivationIndex}`,
    at,
    ...changes,
  }
}

/** What every implementation of `DestinationRepository` must do. */
export function destinationRepositoryContract(
  freshStore: () => Promise<Store>,
  count: CountStatements,
): void {
  const insert = (store: Store, ...all: NewDestination[]) =>
    store.transaction(async ({ destinations }) => {
      for (const one of all) await destinations.insert(one)
    })

  test('a destination comes back as it was stored, and is found by its key', async () => {
    const store = await freshStore()
    const { read } = store
    const destination = exampleDestination()
    await insert(store, destination, exampleDestination())
    const { at: born, ...fields } = destination
    const expected = {
      ...fields,
      status: 'allocated',
      lastBalance: '0',
      sweeps: [],
      createdAt: born,
      updatedAt: born,
    }
    expect(await read.destinations.find(destination.id)).toEqual(expected)
    expect(await read.destinations.findByKey(destination)).toEqual(expected)
    expect(await read.destinations.findByKey({ ...destination, chainId: 1 })).toBeNull()
    expect(await read.destinations.find(newId())).toBeNull()
  })

  test('buyer, offer and chain have one destination; offers outside count as well', async () => {
    const store = await freshStore()
    const offers = [entityReference(newId()), referenceOf('template-checkout-7')]
    for (const sellerOffer of offers) {
      const first = exampleDestination({ sellerOffer })
      const { buyerId } = first
      await insert(store, first)
      const twin = insert(store, exampleDestination({ sellerOffer, buyerId }))
      await expect(twin).rejects.toMatchObject({ code: 'DESTINATION_EXISTS' })
      await insert(store, exampleDestination({ sellerOffer, buyerId, chainId: 1 }))
      await insert(store, exampleDestination({ sellerOffer }))
      expect((await store.read.destinations.findByKey(first))?.id).toBe(first.id)
    }
  })

  test('an index belongs to one destination', async () => {
    const store = await freshStore()
    const first = exampleDestination()
    await insert(store, first)
    const { derivationIndex } = first
    const again = insert(store, exampleDestination({ derivationIndex, address: '0x0' }))
    await expect(again).rejects.toMatchObject({ code: 'DESTINATION_TAKEN' })
  })

  test('the next index is never one that was given out, also to several at once', async () => {
    const store = await freshStore()
    const next = () => store.transaction(({ destinations }) => destinations.nextIndex())
    const one = await next()
    const many = await Promise.all([1, 2, 3, 4].map(next))
    expect(new Set(many).size).toBe(4)
    expect(Math.min(...many)).toBeGreaterThan(one)
    expect(await next()).toBeGreaterThan(Math.max(...many))
  })

  test('balance, status and sweeps change; sweeps stay in their order and exact', async () => {
    const store = await freshStore()
    const { id } = exampleDestination()
    await insert(store, exampleDestination({ id }))
    const lastBalance = '115792089237316195423570985008687907853269984665640564039457584007913129639935'
    await store.transaction(async ({ destinations }) => {
      expect((await destinations.findForUpdate(id))?.status).toBe('allocated')
      await destinations.update(id, { status: 'funded', lastBalance }, later)
      await destinations.addSweep(id, { txHash: '0x1', amount: lastBalance, at: later })
      await destinations.addSweep(id, { txHash: '0x2', amount: '1', at: later })
    })
    const found = await store.read.destinations.find(id)
    expect(found).toMatchObject({ status: 'funded', lastBalance, updatedAt: later })
    expect(found?.sweeps).toEqual([
      { txHash: '0x1', amount: lastBalance, at: later },
      { txHash: '0x2', amount: '1', at: later },
    ])
  })

  test('lists come in the order of the index, with a fixed number of statements', async () => {
    const store = await freshStore()
    const chainId = 728126428
    const all = [1, 2, 3, 4].map(() => exampleDestination({ chainId }))
    await insert(store, ...all.toReversed())
    await store.transaction(async ({ destinations }) => {
      await destinations.update(all[2]?.id ?? newId(), { status: 'funded' }, later)
      for (const { id } of all) await destinations.addSweep(id, { txHash: '0x1', amount: '1', at })
    })
    const list = (limit: number, status?: string) =>
      store.read.destinations.list({ chainId, ...(status ? { status } : {}) }, { limit, offset: 0 })
    expect((await list(9)).map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    expect((await list(9, 'funded')).map(({ id }) => id)).toEqual([all[2]?.id])
    expect(await store.read.destinations.count({ chainId })).toBe(4)
    expect(await count(() => list(4))).toBe(await count(() => list(1)))
  })
}
