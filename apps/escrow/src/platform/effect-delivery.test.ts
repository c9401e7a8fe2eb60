import { beforeEach, describe, expect, test } from 'vitest'
import { fixedClock, SECOND } from './clock.ts'
import { createEffectDelivery } from './effect-delivery.ts'
import type { Effect, EffectHandler, EffectStore, Receipt, WithEffects } from './effects.ts'
import { newId } from './ids.ts'
import { silentLogger } from './logger.ts'
import type { UnitStore } from './unit-store.ts'

const clock = fixedClock('2026-03-01T10:00:00Z')

/** Just enough of a unit: transactions that roll back, and a switch that takes the store away. */
function memoryUnit() {
  let state = { outbox: [] as Effect[], inbox: [] as Receipt[] }
  let isAway = false
  const effectsOf = (at: () => typeof state): EffectStore => ({
    async emit(effect) {
      const delivery = { deliveredAt: null, attempts: 0, notBefore: null, lastError: null }
      at().outbox.push({ ...effect, id: newId(), ...delivery })
    },
    async pending(limit, now) {
      if (isAway) throw new Error('the store is away')
      const due = ({ deliveredAt, notBefore }: Effect) => !deliveredAt && (!notBefore || notBefore <= now)
      return structuredClone(at().outbox.filter(due).slice(0, limit))
    },
    async markDelivered(id, deliveredAt) {
      for (const effect of at().outbox) if (effect.id === id) effect.deliveredAt = deliveredAt
    },
    async postpone(id, { error, until }) {
      for (const effect of at().outbox) {
        if (effect.id === id)
          Object.assign(effect, { notBefore: until, lastError: error, attempts: effect.attempts + 1 })
      }
    },
    async received(effectId) {
      return at().inbox.find((receipt) => receipt.effectId === effectId) ?? null
    },
    async recordReceived(receipt) {
      at().inbox.push(receipt)
    },
  })
  const store: UnitStore<WithEffects> = {
    read: { effects: effectsOf(() => state) },
    async transaction(work) {
      if (isAway) throw new Error('the store is away')
      const draft = structuredClone(state)
      const result = await work({ effects: effectsOf(() => draft) })
      state = draft
      return result
    },
  }
  return {
    store,
    outbox: () => state.outbox,
    inbox: () => state.inbox,
    setAway: (away: boolean) => {
      isAway = away
    },
  }
}

let sender: ReturnType<typeof memoryUnit>
let receiver: ReturnType<typeof memoryUnit>
beforeEach(() => {
  sender = memoryUnit()
  receiver = memoryUnit()
})

function deliveryTo(...handlers: EffectHandler<WithEffects>[]) {
  return createEffectDelivery({
    units: { sender: sender.store, receiver: receiver.store },
    handlers: { receiver: handlers },
    clock,
    logger: silentLogger,
    intervalMs: 1,
  })
}

const emit = (type: string, key = 'k') =>
  sender.store.transaction(({ effects }) => effects.emit({ type, key, payload: {}, at: clock.now() }))

describe('the delivery of effects', () => {
  test('a done effect leaves a receipt and is not delivered again', async () => {
    let applied = 0
    const delivery = deliveryTo({
      type: 'a',
      apply: async () => {
        applied += 1
        return { outcome: 'done' }
      },
    })
    await emit('a')
    expect(await delivery.deliverDue()).toBe(1)
    expect(await delivery.deliverDue()).toBe(0)
    expect(applied).toBe(1)
    expect(receiver.inbox()).toMatchObject([{ type: 'a', outcome: 'done', reason: null }])
  })

  test('a refusal is an answer too, and its compensating effect commits with it', async () => {
    const delivery = deliveryTo({
      type: 'a',
      apply: async (effect, { effects }) => {
        await effects.emit({ type: 'a.refused', key: effect.key, payload: {}, at: effect.at })
        return { outcome: 'refused', reason: 'the offer is gone' }
      },
    })
    await emit('a')
    expect(await delivery.deliverDue()).toBe(1)
    expect(receiver.inbox()).toMatchObject([{ outcome: 'refused', reason: 'the offer is gone' }])
    expect(receiver.outbox()).toMatchObject([{ type: 'a.refused', key: 'k' }])
  })

  test('a failure leaves nothing behind, waits longer each time, and does not hold up others', async () => {
    const delivery = deliveryTo(
      {
        type: 'broken',
        apply: async (effect, { effects }) => {
          await effects.emit({ type: 'half', key: effect.key, payload: {}, at: effect.at })
          throw new Error('a fault of ours')
        },
      },
      { type: 'a', apply: async () => ({ outcome: 'done' }) },
    )
    await emit('broken')
    await emit('a')
    expect(await delivery.deliverDue()).toBe(1)
    expect(receiver.outbox()).toEqual([])
    const [failed] = sender.outbox()
    expect(failed).toMatchObject({ attempts: 1, deliveredAt: null, lastError: 'Error: a fault of ours' })
    clock.advance(SECOND)
    await delivery.deliverDue()
    const wait = (sender.outbox()[0]?.notBefore?.getTime() ?? 0) - clock.now().getTime()
    expect(wait).toBe(2 * SECOND)
  })

  test('an unknown type waits for the version that knows it', async () => {
    await emit('of-tomorrow')
    expect(await deliveryTo().deliverDue()).toBe(0)
    expect(sender.outbox()).toMatchObject([{ deliveredAt: null, attempts: 1 }])
  })

  test('a unit that is away stops nobody else, and its effects come later', async () => {
    const delivery = deliveryTo({ type: 'a', apply: async () => ({ outcome: 'done' }) })
    await emit('a')
    receiver.setAway(true)
    expect(await delivery.deliverDue()).toBe(0)
    receiver.setAway(false)
    clock.advance(SECOND)
    expect(await delivery.deliverDue()).toBe(1)
  })

  test('a receiver that does not answer holds up its own effects alone', async () => {
    const stuck = Promise.withResolvers<void>()
    const delivery = createEffectDelivery({
      units: { sender: sender.store, receiver: receiver.store, slow: memoryUnit().store },
      handlers: {
        receiver: [{ type: 'a', apply: async () => ({ outcome: 'done' as const }) }],
        slow: [{ type: 'b', apply: () => stuck.promise.then(() => ({ outcome: 'done' as const })) }],
      },
      clock,
      logger: silentLogger,
      intervalMs: 1,
    })
    await emit('b')
    await emit('a')
    const round = delivery.deliverDue()
    await expect.poll(() => receiver.inbox()).toHaveLength(1)
    stuck.resolve()
    expect(await round).toBe(2)
  })

  test('when two nodes deliver at once, the slower one finds that it is done', async () => {
    const delivery = deliveryTo({
      type: 'a',
      apply: async (effect) => {
        receiver
          .inbox()
          .push({ effectId: effect.id, type: 'a', outcome: 'done', reason: null, at: clock.now() })
        throw new Error('duplicate key')
      },
    })
    await emit('a')
    expect(await delivery.deliverDue()).toBe(1)
    expect(sender.outbox()[0]?.deliveredAt).not.toBeNull()
  })

  test('two handlers of one type are a mistake that shows at the start', () => {
    const handler: EffectHandler<WithEffects> = { type: 'a', apply: async () => ({ outcome: 'done' }) }
    expect(() => deliveryTo(handler, handler)).toThrow('Two handlers')
  })

  test('the loop delivers until it is stopped', async () => {
    const delivery = deliveryTo({ type: 'a', apply: async () => ({ outcome: 'done' }) })
    await emit('a')
    delivery.start()
    await expect.poll(() => sender.outbox()[0]?.deliveredAt).not.toBeNull()
    await delivery.stop()
    await emit('a', 'second')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(sender.outbox()[1]?.deliveredAt).toBeNull()
  })
})
