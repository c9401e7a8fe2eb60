import { expect, test } from 'vitest'
import type { WithEffects } from './effects.ts'
import { newId } from './ids.ts'
import type { UnitStore } from './unit-store.ts'

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-01T10:05:00.000Z')
const effect = (key: string, when = at) => ({
  type: 'payin.confirmed',
  key,
  payload: { amount: '12.5', n: [1] },
  at: when,
})

/** What every implementation of `EffectStore` must do; `freshStore` gives a unit with an empty outbox and inbox. */
export function effectStoreContract(freshStore: () => Promise<UnitStore<WithEffects>>): void {
  test('an emitted effect is pending until it is marked delivered', async () => {
    const store = await freshStore()
    await store.transaction(({ effects }) => effects.emit(effect('a')))
    const [pending] = await store.read.effects.pending(10, at)
    expect(pending).toEqual({
      ...effect('a'),
      id: expect.any(String),
      deliveredAt: null,
      attempts: 0,
      notBefore: null,
      lastError: null,
    })
    const id = pending?.id ?? newId()
    await store.transaction(({ effects }) => effects.markDelivered(id, later))
    expect(await store.read.effects.pending(10, later)).toEqual([])
  })

  test('an effect is emitted with its transaction or not at all', async () => {
    const store = await freshStore()
    const failed = store.transaction(async ({ effects }) => {
      await effects.emit(effect('a'))
      throw new Error('the business said no')
    })
    await expect(failed).rejects.toThrow('the business said no')
    expect(await store.read.effects.pending(10, at)).toEqual([])
  })

  test('the same type and key are emitted once', async () => {
    const store = await freshStore()
    await store.transaction(async ({ effects }) => {
      await effects.emit(effect('a'))
      await effects.emit({ ...effect('a'), payload: { other: true } })
    })
    await store.transaction(({ effects }) => effects.emit(effect('a', later)))
    const pending = await store.read.effects.pending(10, later)
    expect(pending.map((one) => one.payload)).toEqual([effect('a').payload])
  })

  test('pending effects come oldest first and no more than asked for', async () => {
    const store = await freshStore()
    await store.transaction(async ({ effects }) => {
      await effects.emit(effect('new', later))
      await effects.emit(effect('old'))
      await effects.emit(effect('newest', new Date(later.getTime() + 1)))
    })
    expect((await store.read.effects.pending(2, later)).map((one) => one.key)).toEqual(['old', 'new'])
  })

  test('a postponed effect waits for its time and counts its failures', async () => {
    const store = await freshStore()
    await store.transaction(({ effects }) => effects.emit(effect('a')))
    const [pending] = await store.read.effects.pending(1, at)
    const id = pending?.id ?? newId()
    await store.transaction(({ effects }) => effects.postpone(id, { error: 'store away', until: later }))
    expect(await store.read.effects.pending(1, at)).toEqual([])
    const [again] = await store.read.effects.pending(1, later)
    expect(again).toMatchObject({ id, attempts: 1, lastError: 'store away', notBefore: later })
  })

  test('a receipt is found again, and only its own', async () => {
    const store = await freshStore()
    const receipt = {
      effectId: newId(),
      type: 'payin.confirmed',
      outcome: 'refused',
      reason: 'offer gone',
      at,
    } as const
    await store.transaction(({ effects }) => effects.recordReceived(receipt))
    expect(await store.read.effects.received(receipt.effectId)).toEqual(receipt)
    expect(await store.read.effects.received(newId())).toBeNull()
  })

  test('an effect cannot be received twice', async () => {
    const store = await freshStore()
    const receipt = { effectId: newId(), type: 'payin.confirmed', outcome: 'done', reason: null, at } as const
    await store.transaction(({ effects }) => effects.recordReceived(receipt))
    await expect(store.transaction(({ effects }) => effects.recordReceived(receipt))).rejects.toThrow()
  })
}
