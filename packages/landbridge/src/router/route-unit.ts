import type { Engine } from '../engine.ts'
import type { UnitView, UnitWatch } from '../nodes/unit-watch.ts'
import type { ShadowReads } from '../shadow/shadow-reads.ts'
import { refusedWhole } from './refused-whole.ts'
import { routeReads } from './route-reads.ts'
import type { UnitStore } from './unit-store.ts'

export interface RouteOptions<Repositories extends object> {
  engine: Engine
  watch: UnitWatch
  unit: string
  mongo: UnitStore<Repositories>
  postgres: UnitStore<Repositories>
  /** Compares reads with the other store, off the caller's path. */
  shadow?: ShadowReads
  /** Makes the application's own error for "this unit takes no call now". */
  unavailable(unit: string, cause?: unknown): Error
}

/**
 * A unit store that sends everything to the unit's authority. A transaction is held at its START while the authority
 * changes, never inside (a held transaction and the fence would wait for each other, A20); what a store refused whole
 * is sent again, to where the authority is then; every other failure is the caller's.
 */
export function routeUnit<Repositories extends object>(
  options: RouteOptions<Repositories>,
): UnitStore<Repositories> {
  return { read: routeReads(options), transaction: (work) => routeTransaction(options, work) }
}

async function routeTransaction<Repositories extends object, T>(
  options: RouteOptions<Repositories>,
  work: (repositories: Repositories) => Promise<T>,
): Promise<T> {
  const { engine, watch, unit } = options
  const until = performance.now() + engine.config.timing.holdMs
  for (;;) {
    const view = await settledView(options, until)
    const store = view.authority === 'mongo' ? options.mongo : options.postgres
    try {
      return await store.transaction(work)
    } catch (error) {
      if (!refusedWhole(error)) throw error
      // The refusal is newer than what this node knows of the unit. If the unit really stands where we sent the
      // work, the refusal was the store's own (a validator that the collection always had): the caller's.
      const now = await watch.refresh(unit)
      if (sameRoute(view, now)) {
        await watch.assertOpen(unit)
        if (performance.now() >= until) throw error
        await pause(retryPauseMs)
      }
      if (performance.now() >= until) throw options.unavailable(unit, error)
    }
  }
}

const retryPauseMs = 20

function sameRoute(before: UnitView, now: UnitView): boolean {
  return before.epoch === now.epoch && before.authority === now.authority && !now.held
}

/** Waits while the unit is held or its authority is unknown; gives up at `until`. */
async function settledView<Repositories extends object>(
  { watch, unit, unavailable }: RouteOptions<Repositories>,
  until: number,
): Promise<UnitView> {
  for (;;) {
    const view = watch.current(unit)
    if (!view.held && view.authority !== 'unknown') return view
    const left = until - performance.now()
    if (left <= 0) throw unavailable(unit)
    await watch.nextChange(unit, Math.min(left, 250))
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
