import { waitForMarker } from '../capture/caught-up.ts'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { countGaps } from '../mirror/gaps.ts'
import { type DrainReport, drainOutbox } from '../mirror/relay.ts'
import { reconcile } from '../reconcile/reconcile.ts'
import { type Marker, writeMarker } from '../source/marker.ts'
import type { ChangedEntities } from './change-window.ts'
import { checksumOf } from './checksum.ts'
import { compareCounts } from './count-entities.ts'
import type { FenceRun } from './fence-run.ts'
import type { Prepared } from './prepare-fence.ts'

/** Towards Postgres: the stream up to a marker written inside the fence, then every gap. */
export async function drainTowardsPostgres(engine: Engine, unit: UnitConfig, run: FenceRun): Promise<Marker> {
  const marker = await run.step('marker', () => writeMarker(engine, `fence of ${unit.name}`))
  await run.step('drain', async () => {
    await waitForMarker(engine, marker, { timeoutMs: engine.config.timing.fenceDeadlineMs })
    await reconcile(engine, unit.name, { all: true })
    const gaps = (await countGaps(engine.pool, unit.name)).reduce((sum, each) => sum + each.open, 0)
    if (gaps > 0) {
      throw new LandbridgeError(
        errorCodes.fenceUndone,
        `${gaps} gaps of ${unit.name} could not be closed; look at \`landbridge gaps\``,
      )
    }
  })
  return marker
}

/**
 * Away from Postgres: FIRST the stream up to the marker, because a foreign write that is still unread becomes a row of
 * the outbox (G9), and only then the outbox. A second marker closes the window of what the drain itself wrote.
 */
export async function drainTowardsMongo(engine: Engine, unit: UnitConfig, run: FenceRun): Promise<Marker> {
  const timeoutMs = engine.config.timing.fenceDeadlineMs
  const marker = await run.step('marker', () => writeMarker(engine, `fence of ${unit.name}`))
  return run.step('drain', async () => {
    await waitForMarker(engine, marker, { timeoutMs })
    refuseUndrained(unit.name, await drainOutbox(engine, unit.name, { timeoutMs }))
    return writeMarker(engine, `end of the drain of ${unit.name}`)
  })
}

/** What MongoDB refuses keeps the outbox from ever draining; the operator decides whether to leave it (A23). */
export function refuseUndrained(unit: string, report: DrainReport, leave: readonly string[] = []): void {
  const left = report.left.filter((each) => !leave.includes(each.entity))
  if (report.drained || left.length === 0) return
  const named = left
    .slice(0, 5)
    .map((each) => `${each.collection} ${each.entity} (${each.trouble ?? 'not done in time'})`)
  throw new LandbridgeError(
    errorCodes.fenceUndone,
    `${left.length} changed entities of ${unit} do not reach MongoDB: ${named.join('; ')}. Mend them, try again, or leave them behind with --leave ID --reason TEXT`,
    { detail: { left } },
  )
}

/** Count and sum of typed hashes of what changed since the watermark, and the counts of the collections, must agree. */
export async function compareInFence(
  engine: Engine,
  unit: UnitConfig,
  prepared: Prepared,
  marker: Marker,
): Promise<{ compared: number }> {
  const changed = await prepared.window.readTo(marker, engine.config.timing.fenceDeadlineMs)
  const checksum = await checksumOf(engine, union(changed, prepared.unequal), marker.clusterTime)
  const { mongo, postgres, different } = checksum
  if (different.length > 0 || mongo.count !== postgres.count || mongo.sum !== postgres.sum) {
    const named = different.slice(0, 5).map((each) => `${each.collection} ${String(each.id)}`)
    throw new LandbridgeError(
      errorCodes.fenceUndone,
      `the stores differ in ${different.length} of ${mongo.count} entities that changed last: ${named.join(', ')}; run \`landbridge verify --repair\``,
      { detail: { different: different.map((each) => `${each.collection} ${String(each.id)}`) } },
    )
  }
  const counts = await compareCounts(engine, unit)
  if (counts.length > 0) {
    const named = counts.map(
      (count) => `${count.collection}: ${count.mongo} in MongoDB, ${count.postgres} in Postgres`,
    )
    throw new LandbridgeError(
      errorCodes.fenceUndone,
      `the stores hold different numbers of documents: ${named.join('; ')}; run \`landbridge verify --repair\``,
    )
  }
  return { compared: mongo.count }
}

function union(left: ChangedEntities, right: ChangedEntities): ChangedEntities {
  const all: ChangedEntities = new Map()
  for (const side of [left, right]) {
    for (const [collection, ids] of side)
      all.set(collection, new Map([...(all.get(collection) ?? []), ...ids]))
  }
  return all
}
