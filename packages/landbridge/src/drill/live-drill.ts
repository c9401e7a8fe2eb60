import { setTimeout as sleep } from 'node:timers/promises'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { isPassing, LandbridgeError } from '../errors.ts'
import { changePhase, type PhaseChange, type PhaseRequest } from '../fence/change-phase.ts'
import { verify } from '../verify/verify.ts'

/** How long a drill tries to get back from Postgres. */
const WAY_BACK_MS = 120_000
const RETRY_MS = 1_000

export interface LiveDrillReport {
  unit: string
  ok: boolean
  ms: number
  /** How long writes waited, there and back. */
  pausesMs: [number, number]
  secondsOnPostgres: number
  compared: number
  differences: number
}

/**
 * The real round trip under live writes: to Postgres, some seconds there, back, and a whole verification. The unit's
 * evidence keeps counting from its last real steps. Only where the configuration says rehearsal; the caller checks.
 */
export async function liveDrill(
  engine: Engine,
  unit: UnitConfig,
  options: { actor: string; seconds: number; onProgress?: (what: string) => void; signal?: AbortSignal },
): Promise<LiveDrillReport> {
  const startedAt = performance.now()
  const detail = { drill: 'live' }
  const step = { unit: unit.name, actor: options.actor, drill: true, detail, onStep: options.onProgress }
  const forth = await changePhase(engine, { ...step, to: 'postgres' })
  options.onProgress?.(`on Postgres for ${options.seconds} s`)
  // An interrupted drill still goes back: it must not end on the other store.
  await sleep(options.seconds * 1_000, undefined, { signal: options.signal }).catch(() => undefined)
  const back = await goBack(engine, step, options.onProgress)
  options.onProgress?.('verifying')
  const report = await verify(engine, unit.name, { restart: true })
  return {
    unit: unit.name,
    ok: report.complete && report.differences === 0,
    ms: Math.round(performance.now() - startedAt),
    pausesMs: [forth.pauseMs ?? 0, back.pauseMs ?? 0],
    secondsOnPostgres: options.seconds,
    compared: report.collections.reduce((sum, collection) => sum + collection.compared, 0),
    differences: report.differences,
  }
}

/**
 * A way back that was refused or undone left the unit on Postgres, where a drill must not end: it is tried again until
 * it holds. Throws what the last try did, with the verb that goes back.
 */
async function goBack(
  engine: Engine,
  step: Omit<PhaseRequest, 'to'>,
  onProgress?: (what: string) => void,
): Promise<PhaseChange> {
  const until = performance.now() + WAY_BACK_MS
  for (;;) {
    try {
      return await changePhase(engine, { ...step, to: 'shadow' })
    } catch (cause) {
      if (!isPassing(cause)) throw cause
      if (performance.now() > until) {
        throw new LandbridgeError(
          cause.code,
          `the drill of ${step.unit} did not get back and leaves it on Postgres, which serves: ${cause.message}; then run \`landbridge rollback ${step.unit}\``,
          { cause },
        )
      }
      onProgress?.(`not back yet: ${cause.message}`)
      await sleep(RETRY_MS)
    }
  }
}
