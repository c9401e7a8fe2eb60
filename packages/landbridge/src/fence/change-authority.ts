import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { waitForNodes } from '../nodes/ping.ts'
import { authorityOf, type Phase } from '../phase.ts'
import { isBusy } from '../target/sql-state.ts'
import { assertUnit, collModMs } from './assert-unit.ts'
import { copyFor, readCopy, refuseRowThatWentBack, writeCopy } from './copy.ts'
import { carryCounters } from './counters.ts'
import { compareInFence, drainTowardsMongo, drainTowardsPostgres } from './drain-fence.ts'
import { endBackendsOf, endHolders } from './end-backends.ts'
import { type FenceRun, type OnStep, type StepTime, startFenceRun } from './fence-run.ts'
import { announceFence, commitFence, type Fence, openFence, undoFence } from './fence-steps.ts'
import { settleForeignKeys } from './foreign-keys.ts'
import { entityOf, type Left, leaveEntities } from './leave-entities.ts'
import { setPreImages } from './pre-images.ts'
import { type Prepared, prepareFence } from './prepare-fence.ts'
import { stopTtl } from './ttl.ts'
import { readUnitRow, type UnitRow } from './unit-row.ts'
import { closeCollections, rememberCollections } from './validator.ts'

export interface AuthorityChange {
  unit: UnitConfig
  from: Phase
  to: Phase
  actor: string
  /** A drill's round trip: evidence keeps counting from the unit's last real steps. */
  drill?: boolean
  /** Entities that stay behind, with the reason; only on the way back. */
  leave?: { ids: readonly string[]; reason: string }
  detail?: Record<string, unknown>
  onStep?: OnStep
}

export interface AuthorityChanged {
  epoch: bigint
  /** From the announcement to the commit: how long a write may have waited. */
  pauseMs: number
  compared: number
  left: Left[]
  steps: StepTime[]
  /** What could not be done after the commit; the nodes go on trying. */
  unfinished: string[]
}

/**
 * Moves the authority (or, into `retired`, ends the mirror) behind a fence. Everything before the commit is undone
 * when anything fails or the deadline passes; everything after it can be done again by any node. Throws
 * LB_FENCE_UNDONE, LB_FENCE_BUSY, LB_STEP_NOT_ALLOWED, LB_ROW_WENT_BACK, LB_HISTORY_LOST.
 */
export async function changeAuthority(engine: Engine, change: AuthorityChange): Promise<AuthorityChanged> {
  const run = startFenceRun(change.onStep)
  refuseRowThatWentBack(
    await readUnitRow(engine.pool, change.unit.name),
    await readCopy(engine, change.unit.name),
  )
  const prepared = await prepareFence(
    engine,
    change.unit,
    change.to,
    run,
    (change.leave?.ids ?? []).map(entityOf),
  )
  try {
    const fence = await run.step('announce', () =>
      announceFence(engine, { unit: change.unit.name, from: change.from, to: change.to }),
    )
    const announcedAt = performance.now()
    const inFence = await moveInsideFence(engine, change, fence, prepared, run)
    const pauseMs = Math.round(performance.now() - announcedAt)
    const unfinished = await finishChange(engine, change, run)
    return { epoch: fence.epoch, pauseMs, ...inFence, steps: run.times, unfinished }
  } finally {
    await prepared.window.close()
  }
}

async function moveInsideFence(
  engine: Engine,
  change: AuthorityChange,
  fence: Fence,
  prepared: Prepared,
  run: FenceRun,
): Promise<{ compared: number; left: Left[] }> {
  run.limit(engine.config.timing.fenceDeadlineMs)
  try {
    const silent = await waitForHolding(engine, fence)
    if (change.to === 'postgres')
      await run.step('lifetimes', () => stopLifetimes(engine, change.unit, prepared))
    const row = await run.step('open', () => openPastHolders(engine, fence, silent))
    if (change.to === 'postgres') await closeMongo(engine, change.unit, row, prepared, run)
    const left = await run.step('leave', () => leave(engine, change, fence))
    const marker =
      change.to === 'postgres'
        ? await drainTowardsPostgres(engine, change.unit, run)
        : await drainTowardsMongo(engine, change.unit, run)
    const { compared } = await run.step('checksum', () =>
      compareInFence(engine, change.unit, prepared, marker),
    )
    await run.step('counters', () => carryCounters(engine, change.unit, authorityOf(change.to)))
    const detail = { ...change.detail, compared, left, steps: run.times }
    await run.step('commit', () =>
      commitFence(engine, fence, { actor: change.actor, drill: change.drill === true, detail }),
    )
    return { compared, left }
  } catch (error) {
    await takeBack(engine, change, fence, error)
    // The commit had landed although its answer was lost.
    return { compared: 0, left: [] }
  } finally {
    run.unlimit()
  }
}

/** Nodes that do not answer are not waited for longer: the stores refuse their writes. */
async function waitForHolding(engine: Engine, fence: Fence) {
  const { silent } = await waitForNodes(engine, fence.unit, fence.epoch)
  return silent
}

async function stopLifetimes(engine: Engine, unit: UnitConfig, prepared: Prepared): Promise<void> {
  await rememberCollections(engine, unit, prepared.collections)
  await stopTtl(engine, unit, prepared.ttlIndexes, collModMs)
  await setPreImages(engine, prepared.collections, true, collModMs)
}

/** Whoever keeps the unit's lock past the budget (a silent node, a forgotten shell) is ended; then once more. */
async function openPastHolders(
  engine: Engine,
  fence: Fence,
  silent: Parameters<typeof endBackendsOf>[1],
): Promise<UnitRow> {
  const { pauseBudgetMs } = engine.config.timing
  if (silent.length > 0) await endBackendsOf(engine, silent)
  try {
    return await openFence(engine, fence, pauseBudgetMs / 2)
  } catch (error) {
    if (!isBusy(error)) throw error
    const ended = await endHolders(engine, fence.unit, pauseBudgetMs / 2)
    engine.log.warn({ unit: fence.unit, ended }, 'ended transactions that held the unit')
    return openFence(engine, fence, pauseBudgetMs / 2)
  }
}

/** The copy before the validator: a node that reads the copy must not find it open while writes are refused for good. */
async function closeMongo(
  engine: Engine,
  unit: UnitConfig,
  row: UnitRow,
  prepared: Prepared,
  run: FenceRun,
): Promise<void> {
  await run.step('copy', async () => {
    if (await writeCopy(engine, copyFor(row), collModMs * 2)) return
    refuseRowThatWentBack(row, await readCopy(engine, unit.name))
  })
  await run.step('validator', () => closeCollections(engine, unit, prepared.collections, collModMs))
}

async function leave(engine: Engine, change: AuthorityChange, fence: Fence): Promise<Left[]> {
  if (change.leave === undefined) return []
  return leaveEntities(engine, change.unit, {
    ids: change.leave.ids,
    reason: change.leave.reason,
    actor: change.actor,
    epoch: fence.epoch,
  })
}

/**
 * Undoes the fence and throws what went wrong. Returns only if there was nothing to undo because the commit had
 * landed: an unknown outcome is found out, never guessed.
 */
async function takeBack(
  engine: Engine,
  change: AuthorityChange,
  fence: Fence,
  cause: unknown,
): Promise<void> {
  const why = cause instanceof Error ? cause.message : String(cause)
  let undone: boolean
  try {
    undone = await undoFence(engine, fence.unit, fence.id, { actor: change.actor, why })
    if (!undone && (await hasLanded(engine, fence))) return
  } catch (error) {
    throw new LandbridgeError(
      errorCodes.fenceUndone,
      `${fence.unit} -> ${fence.to} failed and could not be undone by this process (${String(error)}); the next node that reaches Postgres undoes it. Cause: ${why}`,
      { cause },
    )
  }
  await assertUnit(engine, change.unit).catch((error: unknown) => {
    engine.log.warn(
      { unit: fence.unit, err: error },
      'MongoDB could not be set back yet; the nodes go on trying',
    )
  })
  throw new LandbridgeError(errorCodes.fenceUndone, `${fence.unit} -> ${fence.to} was undone: ${why}`, {
    cause,
  })
}

async function hasLanded(engine: Engine, fence: Fence): Promise<boolean> {
  const row = await readUnitRow(engine.pool, fence.unit)
  return row.epoch === fence.epoch && row.phase === fence.to && row.status === 'open'
}

/** What follows the point of no return. Trouble here is told, not thrown: the authority has moved. */
async function finishChange(engine: Engine, change: AuthorityChange, run: FenceRun): Promise<string[]> {
  const unfinished: string[] = []
  const attempt = async (step: 'assert' | 'foreign-keys', work: () => Promise<unknown>) => {
    try {
      await run.step(step, work)
    } catch (error) {
      engine.log.warn({ unit: change.unit.name, step, err: error }, 'to be finished by a node')
      unfinished.push(`${step}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  await attempt('assert', () => assertUnit(engine, change.unit))
  await attempt('foreign-keys', () => settleForeignKeys(engine, change.actor))
  return unfinished
}
