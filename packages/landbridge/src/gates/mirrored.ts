import { countGaps } from '../mirror/gaps.ts'
import { type GateContext, type Measurement, span } from './gate.ts'

const maxOpenGaps = 10

/** Gate 4: the mirror is on, fewer than ten gaps are open, and none of them is old. */
export async function mirrored({ engine, unit, row }: GateContext): Promise<Measurement> {
  const { gapMaxAgeMs } = engine.config.timing
  const [count] = await countGaps(engine.pool, unit.name)
  const { rows } = await engine.pool.query(
    `select n.name from landbridge.duty d left join landbridge.node n on n.id = d.node
     where d.name = 'capture' and d.until > clock_timestamp()`,
  )
  const on = row.phase !== 'mongo' && rows.length > 0
  const open = count?.open ?? 0
  const oldestMs = count?.oldestMs ?? 0
  return {
    met: on && open < maxOpenGaps && oldestMs < gapMaxAgeMs,
    value: `${on ? 'on' : 'off: no process captures'}, ${open} gaps, oldest ${span(oldestMs)}`,
    threshold: `on, fewer than ${maxOpenGaps} gaps, none older than ${span(gapMaxAgeMs)}`,
    sample: on ? 1 : 0,
    remedy: `landbridge reconcile ${unit.name}; landbridge gaps`,
  }
}
