import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import { type MirrorTarget, targetsOf } from '../mirror/mirror-target.ts'
import { idFromBytes } from '../source/id-key.ts'
import { compareAgain } from './compare-entities.ts'
import { compareLocked } from './compare-locked.ts'
import { type DifferingEntity, differingEntities, reportDifferences } from './difference-store.ts'
import { noteCompared } from './note-compared.ts'

/** An entity that is written so often that no difference of it grows old is looked at under its lock after this. */
const HOT_AFTER_GRACES = 10
const MAX_PAUSE_MS = 1_000
const BATCH = 200

export interface SettleOptions {
  graceMs: number
  signal?: AbortSignal
}

/**
 * Waits until every difference is either gone or reported: a write in flight is never reported, because a difference
 * must stay the same for the grace; a broken hot entity is found too, because it is compared under its lock in the end
 * (A17). Answers false if interrupted.
 */
export async function settleDifferences(
  engine: Engine,
  mapping: Mapping,
  options: SettleOptions,
): Promise<boolean> {
  while (options.signal?.aborted !== true) {
    const waiting = (await differingEntities(engine.pool, mapping.collection)).filter(
      (entity) => !entity.reported,
    )
    if (waiting.length === 0) return true
    // What has stayed the same is reported as it is. Only what changes all the time is mirrored to be judged: done
    // to a difference that stays, that would mend silently what nobody has heard of.
    const old = waiting.filter((entity) => entity.ageMs >= options.graceMs)
    const rest = waiting.filter((entity) => !old.includes(entity))
    const hot = rest.filter((entity) => entity.differingMs >= HOT_AFTER_GRACES * options.graceMs)
    for (let from = 0; from < old.length; from += BATCH) {
      await settleOld(engine, mapping, old.slice(from, from + BATCH), options.graceMs)
    }
    await settleHot(engine, mapping, await targetsOfEntities(engine, mapping, hot))
    if (hot.length + old.length > 0) continue
    const youngest = Math.min(...rest.map((entity) => options.graceMs - entity.ageMs))
    await sleep(Math.max(5, Math.min(youngest, MAX_PAUSE_MS)), undefined, { signal: options.signal }).catch(
      ignoreAbort,
    )
  }
  return false
}

/**
 * Compares again what an earlier run has listed and this one has not met: an entity that is gone from both stores is
 * in neither's ids, and its difference would stay for ever.
 */
export async function recheckUnseen(engine: Engine, mapping: Mapping, since: Date): Promise<void> {
  const unseen = (await differingEntities(engine.pool, mapping.collection)).filter(
    ({ lastSeen }) => lastSeen < since,
  )
  for (let from = 0; from < unseen.length; from += BATCH) {
    const targets = await targetsOfEntities(engine, mapping, unseen.slice(from, from + BATCH))
    await noteCompared(engine, mapping, await compareAgain(engine, mapping, targets))
  }
}

/** Compared once more: what is still the very same difference is reported, what has changed begins a new age. */
async function settleOld(
  engine: Engine,
  mapping: Mapping,
  entities: readonly DifferingEntity[],
  graceMs: number,
): Promise<void> {
  const targets = await targetsOfEntities(engine, mapping, entities)
  await noteCompared(engine, mapping, await compareAgain(engine, mapping, targets))
  const mine = new Set(entities.map((entity) => entity.legacyId.toString('base64')))
  for (const entity of await differingEntities(engine.pool, mapping.collection)) {
    if (!mine.has(entity.legacyId.toString('base64')) || entity.ageMs < graceMs) continue
    await reportDifferences(engine.pool, mapping.collection, entity.legacyId)
  }
}

async function settleHot(engine: Engine, mapping: Mapping, targets: readonly MirrorTarget[]): Promise<void> {
  for (const target of targets) {
    await noteCompared(engine, mapping, [await compareLocked(engine, mapping, target)])
    await reportDifferences(engine.pool, mapping.collection, target.legacyId)
  }
}

async function targetsOfEntities(
  engine: Engine,
  mapping: Mapping,
  entities: readonly DifferingEntity[],
): Promise<MirrorTarget[]> {
  const rawIds = entities.map((entity) => idFromBytes(entity.legacyId))
  return targetsOf(engine, mapping, rawIds)
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error
}
