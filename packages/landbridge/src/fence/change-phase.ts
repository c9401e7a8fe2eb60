import { drainToMarker } from '../capture/caught-up.ts'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { changesAuthority, nextPhase, type Phase, rollbackTargets } from '../phase.ts'
import { assertUnit } from './assert-unit.ts'
import { type AuthorityChange, changeAuthority } from './change-authority.ts'
import { readCopy, refuseRowThatWentBack } from './copy.ts'
import type { StepTime } from './fence-run.ts'
import { stepPhase } from './fence-steps.ts'
import { settleForeignKeys } from './foreign-keys.ts'
import type { Left } from './leave-entities.ts'
import { settleFence } from './settle-fence.ts'
import { readUnitRow } from './unit-row.ts'
import { ensureCollections } from './validator.ts'

/** How long the stream may take to show that it is read. No write waits for this. */
const captureProofMs = 10_000

export interface PhaseChange {
  unit: string
  from: Phase
  to: Phase
  epoch: bigint
  /** Null for steps that no write has to wait for. */
  pauseMs: number | null
  compared: number | null
  left: Left[]
  steps: StepTime[]
  unfinished: string[]
}

export type PhaseRequest = Omit<AuthorityChange, 'unit' | 'from'> & { unit: string }

/**
 * The one way in which a unit changes its phase. Gates are the caller's: this function is told to go. A fence that
 * somebody left behind is settled first.
 */
export async function changePhase(engine: Engine, request: PhaseRequest): Promise<PhaseChange> {
  const unit = unitOf(engine, request.unit)
  await settleFence(engine, unit)
  // The copy first: a change that commits in between must not look like a row that went back.
  const copy = await readCopy(engine, unit.name)
  const row = await readUnitRow(engine.pool, unit.name)
  const { phase: from } = row
  requireAllowed(unit.name, from, request.to)
  // Any step draws an epoch. Past the copy's the row would pass for the newer one, and the lost commit be forgotten (C5).
  refuseRowThatWentBack(row, copy)
  const { to } = request
  if (changesAuthority(from, to) || to === 'retired') {
    await refuseLostHistory(engine, unit.name, to)
    const changed = await changeAuthority(engine, { ...request, unit, from })
    return { unit: unit.name, from, to, ...changed }
  }
  if (to === 'mirror') {
    // The change stream must be read, with a stored position, before the first write that it has to bring.
    if (from === 'mongo') {
      await drainToMarker(engine, { purpose: `${unit.name} into mirror`, timeoutMs: captureProofMs })
    }
    await ensureCollections(engine, unit)
    await settleForeignKeys(engine, request.actor, { unit: unit.name, phase: to })
  }
  const epoch = await stepPhase(engine, {
    unit: unit.name,
    from,
    to,
    actor: request.actor,
    detail: request.detail ?? {},
  })
  const unfinished = await assertUnit(engine, unit).then(
    () => [],
    (error: Error) => [`assert: ${error.message}`],
  )
  return { unit: unit.name, from, to, epoch, pauseMs: null, compared: null, left: [], steps: [], unfinished }
}

function requireAllowed(unit: string, from: Phase, to: Phase): void {
  const forward = from === 'postgres' ? 'retired' : nextPhase(from)
  if (to === forward || rollbackTargets(from).includes(to)) return
  throw new LandbridgeError(
    errorCodes.stepNotAllowed,
    `unit ${unit} stands in ${from}; there is no step from there to ${to}${forward === null ? '' : ` (the next one is ${forward})`}`,
  )
}

/** What the stream has missed nobody has mirrored: the unit is verified and repaired before it may advance. */
async function refuseLostHistory(engine: Engine, unit: string, to: Phase): Promise<void> {
  if (to !== 'postgres') return
  const { rows } = await engine.pool.query(
    'select since, detail from landbridge.history_lost where unit = $1',
    [unit],
  )
  if (rows.length === 0) return
  throw new LandbridgeError(
    errorCodes.historyLost,
    `unit ${unit} has missed changes since ${rows[0]?.since.toISOString()} (${rows[0]?.detail}); run \`landbridge verify ${unit} --repair\`, then advance`,
  )
}
