import type { Mapping } from './mapping/types.ts'

/** One unit as the application declares it: the collections that one transaction may span. */
export interface UnitConfig {
  name: string
  /** Every collection of the unit, effect outbox and inbox included. */
  mappings: Mapping[]
  /** `money` and `content` differ in how long shadow reads must have run (gate 5). */
  kind: 'money' | 'content'
  /** Units whose collections this unit's code still reads in MongoDB (`$lookup`, `populate`): they retire after it. */
  readsInMongo?: string[]
  /** Counters of the unit to carry over at a change of authority, above the highest value ever used in either store. */
  counters?: CounterConfig[]
}

/** A counter document in MongoDB and its sequence in Postgres. */
export interface CounterConfig {
  collection: string
  id: string
  field: string
  sequence: string
  /** Where the numbers went. The highest one there counts too: some were given out past the counter. */
  used?: { collection: string; path: string }
}

/** Gate and protocol durations, in milliseconds. A rehearsal scales them. */
export interface Timing {
  heartbeatMs: number
  /** A node whose heartbeat is older is dead. */
  nodeDeadAfterMs: number
  pingMs: number
  /** How long a unit's writes may pause. */
  pauseBudgetMs: number
  /** An open fence is undone by any node after this. */
  fenceDeadlineMs: number
  /** How long a held write waits before it is answered 503. */
  holdMs: number
  inlineMirrorMs: number
  entityLockMs: number
  reconcileEveryMs: number
  verifyGraceMs: number
  shadowMoneyMs: number
  shadowContentMs: number
  noMismatchMs: number
  watchMs: number
  gapMaxAgeMs: number
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

export const defaultTiming: Timing = {
  heartbeatMs: second,
  nodeDeadAfterMs: 5 * second,
  pingMs: 200,
  pauseBudgetMs: second,
  fenceDeadlineMs: 5 * second,
  holdMs: 5 * second,
  inlineMirrorMs: 100,
  entityLockMs: 50,
  reconcileEveryMs: 5 * minute,
  verifyGraceMs: minute,
  shadowMoneyMs: 7 * day,
  shadowContentMs: 3 * day,
  noMismatchMs: 48 * hour,
  watchMs: 48 * hour,
  gapMaxAgeMs: 15 * minute,
}

/** What an application hands to the engine: `export const landbridge = defineLandbridge({ ... })` in its landbridge.config.ts. */
export interface LandbridgeConfig {
  units: UnitConfig[]
  timing: Timing
  /** True in a rehearsal: allows `drill --live` and a scaled clock. */
  rehearsal: boolean
  /** Where MongoDB is a stand-in, gate 7 measures nothing and is waived by name. */
  mongoIsStandIn: boolean
  /** Identifies the running build; evidence of gates 2 and 8 is bound to it. */
  build: string
  /** A chunk has so many documents, or fewer if they come to more than `chunkBytes` (16 MB). */
  /** From `bulkFrom` documents on (20,000) an empty table is filled without its indexes, which are built afterwards. */
  backfill: { chunkSize: number; workers: number; chunkBytes?: number; bulkFrom?: number }
  /** Share of reads that are shadowed, 0 to 1. */
  shadowSample: number
  inlineMirror: 'inline' | 'off-path'
  relay: { concurrency: number }
}

export type LandbridgeOptions = Pick<LandbridgeConfig, 'units' | 'build'> &
  Partial<Omit<LandbridgeConfig, 'units' | 'build' | 'timing'>> & { timing?: Partial<Timing> }

/** Fills in the defaults. */
export function defineLandbridge(options: LandbridgeOptions): LandbridgeConfig {
  return {
    rehearsal: false,
    mongoIsStandIn: false,
    backfill: { chunkSize: 5_000, workers: 2 },
    shadowSample: 0.2,
    inlineMirror: 'inline',
    relay: { concurrency: 8 },
    ...options,
    timing: { ...defaultTiming, ...options.timing },
  }
}
