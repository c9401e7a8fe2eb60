/** Where a unit stands on its way from MongoDB to Postgres, which steps are allowed, and who is the authority. */

export const phases = ['mongo', 'mirror', 'shadow', 'postgres', 'retired'] as const
export type Phase = (typeof phases)[number]

export type Store = 'mongo' | 'postgres'

/** The direction in which an applier writes: towards the store that is not the authority. */
export type Direction = 'to-postgres' | 'to-mongo'

interface PhaseRule {
  authority: Store
  /** The store that the authority's writes are mirrored to, if any. */
  mirroredTo: Store | null
  shadowReads: boolean
}

export const phaseRules: Record<Phase, PhaseRule> = {
  mongo: { authority: 'mongo', mirroredTo: null, shadowReads: false },
  mirror: { authority: 'mongo', mirroredTo: 'postgres', shadowReads: false },
  shadow: { authority: 'mongo', mirroredTo: 'postgres', shadowReads: true },
  postgres: { authority: 'postgres', mirroredTo: 'mongo', shadowReads: true },
  retired: { authority: 'postgres', mirroredTo: null, shadowReads: false },
}

export function authorityOf(phase: Phase): Store {
  return phaseRules[phase].authority
}

/** The direction of mirrors in a phase; null where nothing is mirrored. */
export function directionOf(phase: Phase): Direction | null {
  const { mirroredTo } = phaseRules[phase]
  return mirroredTo === null ? null : mirroredTo === 'postgres' ? 'to-postgres' : 'to-mongo'
}

/** The phase that `advance` leads to; null at `postgres` (only `retire` goes on) and `retired`. */
export function nextPhase(phase: Phase): Phase | null {
  const next: Record<Phase, Phase | null> = {
    mongo: 'mirror',
    mirror: 'shadow',
    shadow: 'postgres',
    postgres: null,
    retired: null,
  }
  return next[phase]
}

/** The phases that `rollback` may lead to; `shadow` is what an operator gets without naming one. */
export function rollbackTargets(phase: Phase): Phase[] {
  return phase === 'retired' ? [] : phases.slice(0, phases.indexOf(phase))
}

/** True if the step moves the authority from one store to the other, so that it needs the fence. */
export function changesAuthority(from: Phase, to: Phase): boolean {
  return authorityOf(from) !== authorityOf(to)
}

/** Gates that a step into the phase asks for (design, section 7). */
export const gatesInto: Record<Phase, readonly number[]> = {
  mongo: [],
  mirror: [1, 2],
  shadow: [3, 4],
  postgres: [1, 2, 3, 4, 5, 6, 7, 8],
  retired: [9],
}
