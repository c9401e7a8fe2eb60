import { readCollectionProgress, type UnitProgress, unitProgress } from '../backfill/backfill-progress.ts'
import { readThrottledBy, type ThrottledBy } from '../backfill/workers/throttled-by.ts'
import { type OutboxLag, outboxLag, type StreamLag, streamLag } from '../capture/lag.ts'
import type { Engine } from '../engine.ts'
import { readUnitRows, type UnitRow } from '../fence/unit-row.ts'
import { span } from '../gates/gate.ts'
import { countGaps, type GapCount } from '../mirror/gaps.ts'
import { authorityOf, nextPhase, type Phase, type Store } from '../phase.ts'
import { countQuarantine } from '../quarantine/quarantine.ts'

export interface UnitStatus {
  name: string
  kind: 'money' | 'content'
  phase: Phase
  authority: Store
  status: UnitRow['status']
  epoch: string
  since: Date | null
  gaps: { open: number; oldestMs: number }
  quarantine: { total: number; unresolved: number }
  outbox: { rows: number; oldestMs: number }
  chunks: { done: number; total: number }
  /** How far its copy is and what throttles it; null before it is planned. */
  backfill: (UnitProgress & ThrottledBy) | null
  differences: number
  historyLost: string | null
  /** Documents near or past the 16 MB that MongoDB takes: beyond, they block the way back. */
  large: { documents: number; mostBytes: number }
  /** What an operator would do next. */
  next: string
}

export interface Status {
  build: string
  units: UnitStatus[]
  capture: StreamLag | null
  duties: { name: string; node: string | null }[]
  nodes: { live: number; dead: number }
}

/** Where every unit stands, how far the captures are behind, and what comes next. Changes nothing. */
export async function status(engine: Engine): Promise<Status> {
  const [rows, gaps, outbox, counts] = await Promise.all([
    readUnitRows(engine.pool),
    countGaps(engine.pool),
    outboxLag(engine),
    readCounts(engine),
  ])
  const units = await Promise.all(
    engine.config.units.map(async (unit) => {
      const row = rows.find((each) => each.name === unit.name)
      return row === undefined ? null : unitStatus(engine, { unit, row, gaps, outbox, counts })
    }),
  )
  return {
    build: engine.config.build,
    units: units.filter((unit) => unit !== null),
    capture: await readStreamLag(engine, rows),
    duties: await readDuties(engine),
    nodes: await countNodes(engine),
  }
}

interface Counts {
  done: number
  total: number
  differences: number
  lost: string | null
  large: number
  mostBytes: number
}

interface Facts {
  unit: Engine['config']['units'][number]
  row: UnitRow
  gaps: GapCount[]
  outbox: OutboxLag[]
  counts: Map<string, Counts>
}

async function unitStatus(engine: Engine, facts: Facts): Promise<UnitStatus> {
  const { unit, row } = facts
  const gap = facts.gaps.find((each) => each.unit === unit.name)
  const waiting = facts.outbox.find((each) => each.unit === unit.name)
  const counts = facts.counts.get(unit.name)
  const known: Omit<UnitStatus, 'next'> = {
    name: unit.name,
    kind: unit.kind,
    phase: row.phase,
    authority: authorityOf(row.phase),
    status: row.status,
    epoch: String(row.epoch),
    since: row.entered[row.phase]?.at ?? null,
    gaps: { open: gap?.open ?? 0, oldestMs: Math.round(gap?.oldestMs ?? 0) },
    quarantine: await countQuarantine(engine.pool, unit.name),
    outbox: { rows: waiting?.rows ?? 0, oldestMs: Math.round(waiting?.oldestMs ?? 0) },
    chunks: { done: counts?.done ?? 0, total: counts?.total ?? 0 },
    backfill: await readBackfill(engine, unit.name),
    differences: counts?.differences ?? 0,
    historyLost: counts?.lost ?? null,
    large: { documents: counts?.large ?? 0, mostBytes: counts?.mostBytes ?? 0 },
  }
  return { ...known, next: nextStep(known) }
}

async function readBackfill(engine: Engine, unit: string): Promise<UnitStatus['backfill']> {
  const progress = unitProgress(await readCollectionProgress(engine.pool, unit))
  if (progress.chunks === 0) return null
  const { workers, throttledBy } = await readThrottledBy(engine, unit)
  return { ...progress, workers, throttledBy: progress.pending === 0 ? null : throttledBy }
}

function nextStep(unit: Omit<UnitStatus, 'next'>): string {
  if (unit.status !== 'open') return 'wait: its authority is changing'
  if (unit.historyLost !== null) return `landbridge verify ${unit.name} --repair`
  if (unit.phase === 'retired') return 'nothing: it is retired'
  if (unit.phase === 'mirror' && (unit.chunks.total === 0 || unit.chunks.done < unit.chunks.total)) {
    return `landbridge backfill ${unit.name}`
  }
  if (unit.differences > 0) return `landbridge verify ${unit.name} --repair`
  if (unit.phase === 'postgres') return `landbridge retire ${unit.name}`
  return `landbridge advance ${unit.name} (into ${nextPhase(unit.phase)})`
}

async function readCounts(engine: Engine): Promise<Map<string, Counts>> {
  const { rows } = await engine.pool.query(`
    select u.name,
      (select count(*)::int from landbridge.chunk c where c.unit = u.name and c.status = 'done') as done,
      (select count(*)::int from landbridge.chunk c where c.unit = u.name and c.status <> 'split') as total,
      (select count(*)::int from landbridge.difference d where d.unit = u.name and d.reported) as differences,
      (select count(*)::int from landbridge.large_document l where l.unit = u.name) as large,
      (select coalesce(max(l.bytes), 0)::int from landbridge.large_document l where l.unit = u.name) as "mostBytes",
      (select h.detail from landbridge.history_lost h where h.unit = u.name) as lost
    from landbridge.unit u`)
  return new Map(rows.map(({ name, ...counts }) => [name, counts]))
}

/** Null when no unit has anything to do with MongoDB any more, or it does not answer. */
async function readStreamLag(engine: Engine, rows: readonly UnitRow[]): Promise<StreamLag | null> {
  if (rows.every((row) => row.phase === 'retired')) return null
  return streamLag(engine).catch((error: unknown) => {
    engine.log.warn({ err: error }, 'MongoDB does not tell how far the change stream is behind')
    return null
  })
}

async function readDuties(engine: Engine): Promise<{ name: string; node: string | null }[]> {
  const { rows } = await engine.pool.query(
    `select d.name, n.name as node from landbridge.duty d left join landbridge.node n on n.id = d.node
     where d.until > clock_timestamp() order by d.name`,
  )
  return rows
}

async function countNodes(engine: Engine): Promise<{ live: number; dead: number }> {
  const { rows } = await engine.pool.query(
    `select count(*) filter (where live)::int as live, count(*) filter (where not live)::int as dead
     from (select heartbeat_at > clock_timestamp() - $1 * interval '1 millisecond' as live
       from landbridge.node) nodes`,
    [engine.config.timing.nodeDeadAfterMs],
  )
  return rows[0] ?? { live: 0, dead: 0 }
}

/** One line on how far the change stream is behind. */
export function describeLag(lag: StreamLag | null): string {
  if (lag === null) return 'not read'
  if (lag.behindSeconds === undefined) return 'no position yet'
  return `${span(lag.behindSeconds * 1_000)} behind${lag.alarm ? ' - past half of the oplog window!' : ''}`
}
