import type { Engine } from '../engine.ts'
import type { UnitView } from '../nodes/unit-view.ts'
import type { UnitWatch } from '../nodes/unit-watch.ts'
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
  /** Called when MongoDB refused a write although the unit's row may say MongoDB: puts the validator right (A7). */
  onRefused?(unit: string): Promise<void>
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
  let refusals = 0
  for (;;) {
    const view = await settledView(options, until)
    const store = view.authority === 'mongo' ? options.mongo : options.postgres
    try {
      return await store.transaction(work)
    } catch (error) {
      if (!refusedWhole(error)) throw error
      await watch.refresh()
      if (sameRoute(view, watch.current(unit))) {
        // The row still names the store that refused. Its validator may be left from a fence that was undone, or the
        // refusal is the collection's own validator: then it comes again, and is the caller's.
        if (refusals > 0) throw error
        refusals += 1
        await options.onRefused?.(unit)
      } else {
        refusals = 0
      }
      if (performance.now() >= until) throw options.unavailable(unit, error)
    }
  }
}

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
    if (left <= 0) throw unavailable(unit, view.reason === null ? undefined : new Error(view.reason))
    await nextChange(watch, unit, left)
  }
}

/** Resolves at the next change of what this node knows of the unit, or when `ms` have passed. */
function nextChange(watch: UnitWatch, unit: string, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      stopListening()
      resolve()
    }
    const timer = setTimeout(finish, ms)
    const stopListening = watch.onChange((view) => {
      if (view.unit === unit) finish()
    })
  })
}
