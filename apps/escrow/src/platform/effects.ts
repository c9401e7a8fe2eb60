import type { EntityId } from './ids.ts'

/** What one unit's transaction causes in another unit, as its outbox holds it. */
export interface Effect {
  id: EntityId
  /** Dotted, in the past tense: `payin.confirmed`. */
  type: string
  /** Names the cause; emitting the same type and key again changes nothing. */
  key: string
  payload: Record<string, unknown>
  at: Date
  deliveredAt: Date | null
  /** Deliveries that failed so far. */
  attempts: number
  /** Not before this time; set after a failure. */
  notBefore: Date | null
  lastError: string | null
}

export type NewEffect = Pick<Effect, 'type' | 'key' | 'payload' | 'at'>

/** What the receiver did with an effect, as its inbox holds it. */
export interface Receipt {
  effectId: EntityId
  type: string
  outcome: 'done' | 'refused'
  reason: string | null
  at: Date
}

/** A unit's outbox and inbox in one store; both cross with the unit. Raises no domain errors. */
export interface EffectStore {
  /** Adds to the outbox; an effect of the same type and key that is there already stays as it is. */
  emit(effect: NewEffect): Promise<void>
  /** Undelivered effects that are due at `now`, oldest first. Reads only. */
  pending(limit: number, now: Date): Promise<Effect[]>
  markDelivered(id: EntityId, at: Date): Promise<void>
  /** Notes a failed delivery, so that one broken effect does not keep the others from their turn. */
  postpone(id: EntityId, failure: { error: string; until: Date }): Promise<void>
  /** What this unit answered to an effect before, or null. Reads only. */
  received(effectId: EntityId): Promise<Receipt | null>
  recordReceived(receipt: Receipt): Promise<void>
}

/** What every unit's repositories have besides its own. */
export interface WithEffects {
  effects: EffectStore
}

export type EffectOutcome = { outcome: 'done' } | { outcome: 'refused'; reason: string }

/**
 * Applies effects of one type in the receiving unit. Runs inside one transaction of that unit together with the inbox
 * row, so it is applied once. It decides before it writes; when it refuses, it emits the compensating effect through
 * `repositories.effects` and writes nothing else.
 */
export interface EffectHandler<Repositories> {
  type: string
  apply(effect: Effect, repositories: Repositories): Promise<EffectOutcome>
}
