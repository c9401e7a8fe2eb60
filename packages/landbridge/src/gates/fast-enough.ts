import { evidenceSince, type GateContext, type Measurement } from './gate.ts'

const maxRatio = 1.5

/** Gate 7: Postgres' p95 on the shadowed reads stays below 1.5 times MongoDB's. */
export async function fastEnough({ engine, unit, row }: GateContext): Promise<Measurement> {
  const { rows } = await engine.pool.query(
    `select count(*)::int as n, percentile_cont(0.95) within group (order by authority_ms) as mongo,
       percentile_cont(0.95) within group (order by other_ms) as postgres
     from landbridge.shadow_sample where unit = $1 and epoch >= $2`,
    [unit.name, evidenceSince(row, 'shadow') ?? 0n],
  )
  const sample = Number(rows[0]?.n)
  const mongo = Number(rows[0]?.mongo ?? 0)
  const postgres = Number(rows[0]?.postgres ?? 0)
  const ratio = mongo === 0 ? 0 : postgres / mongo
  return {
    met: sample > 0 && mongo > 0 && ratio < maxRatio,
    value:
      sample === 0
        ? 'no reads'
        : `${ratio.toFixed(2)} (Postgres ${postgres.toFixed(1)} ms, MongoDB ${mongo.toFixed(1)} ms)`,
    threshold: `p95 ratio below ${maxRatio}`,
    sample,
    remedy: engine.config.mongoIsStandIn
      ? 'MongoDB is a stand-in here, so the ratio says nothing: waive the gate by name'
      : 'look at the slow methods: landbridge shadow',
  }
}
