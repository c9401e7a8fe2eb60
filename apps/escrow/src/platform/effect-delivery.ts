import { after, type Clock, MINUTE, SECOND } from './clock.ts'
import type { Effect, EffectHandler, WithEffects } from './effects.ts'
import type { Logger } from './logger.ts'
import type { UnitStore } from './unit-store.ts'

type UnitRepositories<All> = { [Name in keyof All]: WithEffects }
type UnitStores<All extends UnitRepositories<All>> = { [Name in keyof All]: UnitStore<All[Name]> }

/** The handlers of each receiving unit. */
export type EffectHandlers<All> = { [Name in keyof All]?: EffectHandler<All[Name]>[] }

export interface EffectDeliveryOptions<All extends UnitRepositories<All>> {
  units: UnitStores<All>
  handlers: EffectHandlers<NoInfer<All>>
  clock: Clock
  logger: Logger
  intervalMs: number
  batch?: number
}

export interface EffectDelivery {
  start(): void
  /** Lets the round that runs finish. */
  stop(): Promise<void>
  /** One round over every unit; answers how many effects were delivered. */
  deliverDue(): Promise<number>
}

interface Delivery {
  receiver: PropertyKey
  deliver(effect: Effect): Promise<void>
}

/**
 * Carries effects from the units' outboxes to the units that handle them: at least once, applied once. The handler's
 * writes and the inbox row commit together; a crash before the outbox is marked only makes the next round find the
 * inbox row. Trouble in one unit or with one effect never stops the others.
 */
export function createEffectDelivery<All extends UnitRepositories<All>>(
  options: EffectDeliveryOptions<All>,
): EffectDelivery {
  const { units, clock, logger, intervalMs, batch = 50 } = options
  const deliveries = deliveriesByType(units, options.handlers, clock)
  const names = Object.keys(units) as (keyof All & string)[]

  // A store that is away is said once, not with every round.
  const waiting = new Set<string>()
  function noteWaiting(unit: string, error: unknown): void {
    if (waiting.has(unit)) return
    waiting.add(unit)
    logger.warn({ err: error, unit }, 'the effects of a unit wait until its store answers')
  }
  function noteAnswer(unit: string): void {
    if (waiting.delete(unit)) logger.info({ unit }, 'the effects of a unit are delivered again')
  }

  async function deliverOne(sender: UnitStore<WithEffects>, effect: Effect): Promise<boolean> {
    try {
      const delivery = deliveries.get(effect.type)
      if (delivery === undefined) throw new Error(`No unit handles effects of type ${effect.type}.`)
      await delivery.deliver(effect)
      await sender.transaction(({ effects }) => effects.markDelivered(effect.id, clock.now()))
      return true
    } catch (error) {
      logger.warn(
        { err: error, effect: effect.id, type: effect.type },
        'effect not delivered, will be tried again',
      )
      const until = after(clock.now(), backOff(effect.attempts))
      await sender.transaction(({ effects }) => effects.postpone(effect.id, { error: String(error), until }))
      return false
    }
  }

  /** Effects for one receiver, in order. Never throws: what is left comes with the next round. */
  async function deliverLane(sender: keyof All & string, effects: Effect[]): Promise<number> {
    let delivered = 0
    try {
      for (const effect of effects) if (await deliverOne(units[sender], effect)) delivered += 1
    } catch (error) {
      noteWaiting(sender, error)
    }
    return delivered
  }

  async function deliverUnit(sender: keyof All & string): Promise<number> {
    try {
      const pending = await units[sender].read.effects.pending(batch, clock.now())
      noteAnswer(sender)
      const lanes = Map.groupBy(pending, ({ type }) => deliveries.get(type)?.receiver)
      return total(await Promise.all([...lanes.values()].map((effects) => deliverLane(sender, effects))))
    } catch (error) {
      noteWaiting(sender, error)
      return 0
    }
  }

  // Each unit has its own rhythm: a store that takes long to say that it is away holds up its own effects alone.
  const loops = names.map((name) => repeat(() => deliverUnit(name), intervalMs))
  return {
    deliverDue: async () => total(await Promise.all(names.map(deliverUnit))),
    start() {
      for (const loop of loops) loop.start()
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }
}

const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0)

function deliveriesByType<All extends UnitRepositories<All>>(
  units: UnitStores<All>,
  handlers: EffectHandlers<All>,
  clock: Clock,
): Map<string, Delivery> {
  const deliveries = new Map<string, Delivery>()
  const register = <Name extends keyof All>(name: Name) => {
    for (const handler of handlers[name] ?? []) {
      if (deliveries.has(handler.type)) throw new Error(`Two handlers for effects of type ${handler.type}.`)
      const deliver = (effect: Effect) => applyOnce<All[Name]>(units[name], handler, effect, clock)
      deliveries.set(handler.type, { receiver: name, deliver })
    }
  }
  for (const name of Object.keys(units) as (keyof All)[]) register(name)
  return deliveries
}

async function applyOnce<Repositories extends WithEffects>(
  store: UnitStore<Repositories>,
  handler: EffectHandler<Repositories>,
  effect: Effect,
  clock: Clock,
): Promise<void> {
  try {
    await store.transaction((repositories) => receive(repositories, handler, effect, clock))
  } catch (error) {
    // Another node was faster: its inbox row refused ours, and everything of ours was rolled back with it.
    if ((await store.read.effects.received(effect.id)) === null) throw error
  }
}

async function receive<Repositories extends WithEffects>(
  repositories: Repositories,
  handler: EffectHandler<Repositories>,
  effect: Effect,
  clock: Clock,
): Promise<void> {
  if ((await repositories.effects.received(effect.id)) !== null) return
  const answer = await handler.apply(effect, repositories)
  await repositories.effects.recordReceived({
    effectId: effect.id,
    type: effect.type,
    outcome: answer.outcome,
    reason: answer.outcome === 'refused' ? answer.reason : null,
    at: clock.now(),
  })
}

function backOff(attempts: number): number {
  return Math.min(SECOND * 2 ** attempts, 5 * MINUTE)
}

function repeat(work: () => Promise<unknown>, intervalMs: number): Pick<EffectDelivery, 'start' | 'stop'> {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()
  let stopped = true
  const round = () => {
    running = work().finally(() => {
      if (!stopped) timer = setTimeout(round, intervalMs)
    })
  }
  return {
    start() {
      if (!stopped) return
      stopped = false
      round()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
