import { enteredAt, evidenceSince, type GateContext, type Measurement, span } from './gate.ts'

/** Gate 5: shadow reads have run long enough: money longer than content. */
export async function shadowed({ engine, unit, row }: GateContext): Promise<Measurement> {
  const { shadowMoneyMs, shadowContentMs } = engine.config.timing
  const needed = unit.kind === 'money' ? shadowMoneyMs : shadowContentMs
  const since = enteredAt(row, 'shadow')
  const { rows } = await engine.pool.query(
    'select count(*)::int as n, count(distinct method)::int as methods from landbridge.shadow_sample where unit = $1 and epoch >= $2',
    [unit.name, evidenceSince(row, 'shadow') ?? 0n],
  )
  const sample = Number(rows[0]?.n)
  const ranMs = since === null ? 0 : engine.clock.now().getTime() - since.getTime()
  return {
    met: sample > 0 && ranMs >= needed,
    value:
      since === null ? 'not in shadow' : `${span(ranMs)}, ${sample} reads of ${rows[0]?.methods} methods`,
    threshold: `${span(needed)} (${unit.kind})`,
    sample,
    remedy: 'wait, with real reads coming in',
  }
}
