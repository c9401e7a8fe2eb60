import { setTimeout as sleep } from 'node:timers/promises'
import { waitForMarker } from '../capture/caught-up.ts'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { drainOutbox } from '../mirror/relay.ts'
import { pingNodes } from '../nodes/ping.ts'
import { authorityOf, type Phase } from '../phase.ts'
import { reconcile } from '../reconcile/reconcile.ts'
import { writeMarker } from '../source/marker.ts'
import { type ChangedEntities, type ChangeWindow, openChangeWindow } from './change-window.ts'
import { checksumOf } from './checksum.ts'
import { refuseUndrained } from './drain-fence.ts'
import { endBackendsOf } from './end-backends.ts'
import { endTransactionsOf } from './end-transactions.ts'
import type { FenceRun } from './fence-run.ts'
import { oldTransactions } from './old-transactions.ts'
import { readTtlIndexes } from './ttl.ts'
import { ensureCollections, readCollections } from './validator.ts'
import { readWatermark } from './watermark.ts'

export interface Prepared {
  collections: Awaited<ReturnType<typeof readCollections>>
  ttlIndexes: Awaited<ReturnType<typeof readTtlIndexes>>
  window: ChangeWindow
  /** Changed since the watermark and not equal yet: compared again inside the fence. */
  unequal: ChangedEntities
}

/**
 * Everything that can be found out before any write is held: are the live nodes there, do old transactions run, how
 * long does a drain take, and does all that changed since the watermark agree. Changes nothing. Refuses with
 * LB_FENCE_UNDONE, which says what to do.
 */
export async function prepareFence(
  engine: Engine,
  unit: UnitConfig,
  to: Phase,
  run: FenceRun,
  leave: readonly string[] = [],
): Promise<Prepared> {
  await run.step('ping', () => requireLiveNodes(engine))
  await run.step('old-transactions', () => refuseOldTransactions(engine, unit.name))
  if (authorityOf(to) === 'postgres' && to !== 'retired') await ensureCollections(engine, unit)
  const collections = await readCollections(engine, unit)
  const ttlIndexes = await readTtlIndexes(engine, unit)
  const start = await writeMarker(engine, `before a change of ${unit.name}`)
  const since = (await readWatermark(engine, unit)) ?? start.clusterTime
  const window = await openChangeWindow(engine, unit, since)
  try {
    const unequal = await run.step('rehearse-drain', () => rehearseDrain(engine, unit, { to, leave }, window))
    return { collections, ttlIndexes, window, unequal }
  } catch (error) {
    await window.close()
    throw error
  }
}

async function requireLiveNodes(engine: Engine): Promise<void> {
  const { silent, dead } = await pingNodes(engine)
  if (silent.length > 0) {
    const names = silent.map((node) => `${node.name} (process ${node.processId} on ${node.host})`).join(', ')
    throw refusal(
      `these nodes are alive but did not answer within ${engine.config.timing.pingMs} ms: ${names}; they could not hold their writes. Try again, or stop them`,
    )
  }
  // A dead node's transactions would be waited for; its writes are refused like anybody's.
  await endBackendsOf(engine, dead)
  await endTransactionsOf(engine, dead)
}

async function refuseOldTransactions(engine: Engine, unit: string): Promise<void> {
  const old = await oldTransactions(engine, unit, engine.config.timing.pauseBudgetMs)
  if (old.length === 0) return
  const named = old.map((each) => `${each.store} ${each.id}: ${each.what}, ${Math.round(each.ageMs)} ms old`)
  throw refusal(
    `transactions are open that the pause would have to wait for: ${named.join('; ')}. Let them end, or end them`,
  )
}

/** The pause cannot be shorter than this drain; so over the budget it is not begun. */
async function rehearseDrain(
  engine: Engine,
  unit: UnitConfig,
  { to, leave }: { to: Phase; leave: readonly string[] },
  window: ChangeWindow,
): Promise<ChangedEntities> {
  const { pauseBudgetMs, fenceDeadlineMs } = engine.config.timing
  if (authorityOf(to) === 'postgres' && to !== 'retired') await reconcile(engine, unit.name, { all: true })
  else await rehearseOutbox(engine, unit.name, leave)
  const marker = await writeMarker(engine, `drain of ${unit.name}, rehearsed`)
  const startedAt = performance.now()
  await waitForMarker(engine, marker, { timeoutMs: fenceDeadlineMs })
  const lagMs = performance.now() - startedAt
  if (lagMs > pauseBudgetMs) {
    throw refusal(
      `the change stream is ${Math.round(lagMs)} ms behind, the pause may last ${pauseBudgetMs} ms; try again when it has caught up`,
    )
  }
  const changed = await window.readTo(marker, fenceDeadlineMs)
  return settleDifferences(engine, changed, marker.clusterTime)
}

/** Under live writes the outbox never runs empty; what MongoDB refuses is found out here, not inside the fence. */
async function rehearseOutbox(engine: Engine, unit: string, leave: readonly string[]): Promise<void> {
  const report = await drainOutbox(engine, unit, { timeoutMs: engine.config.timing.pauseBudgetMs })
  const left = report.left.filter((each) => each.trouble !== undefined)
  refuseUndrained(unit, { ...report, left }, leave)
}

/** Writes in flight differ for a moment; what still differs after a few looks is left to the look inside the fence. */
async function settleDifferences(
  engine: Engine,
  changed: ChangedEntities,
  clusterTime: bigint,
): Promise<ChangedEntities> {
  let open = changed
  for (let look = 0; look < 5; look++) {
    const { different } = await checksumOf(engine, open, clusterTime)
    open = only(open, different)
    if (different.length === 0) break
    await sleep(100)
  }
  return open
}

function only(
  changed: ChangedEntities,
  kept: readonly { collection: string; id: unknown }[],
): ChangedEntities {
  const wanted = new Set(kept.map((each) => each.id))
  const result: ChangedEntities = new Map()
  for (const [collection, ids] of changed) {
    const left = [...ids].filter(([, id]) => wanted.has(id))
    if (left.length > 0) result.set(collection, new Map(left))
  }
  return result
}

function refusal(message: string): LandbridgeError {
  return new LandbridgeError(errorCodes.fenceUndone, `nothing was begun: ${message}`)
}
