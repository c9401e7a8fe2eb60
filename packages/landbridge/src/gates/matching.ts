import { evidenceSince, type GateContext, type Measurement, span } from './gate.ts'

/** Gate 6: no unexplained mismatch for a while, and a fresh verification that found no difference. */
export async function matching(context: GateContext): Promise<Measurement> {
  const { engine, unit, row } = context
  const { noMismatchMs } = engine.config.timing
  const { rows } = await engine.pool.query(
    `select count(*)::int as n, count(*) filter (where not matched and explained is null)::int as mismatches
     from landbridge.shadow_sample where unit = $1 and epoch >= $2
       and at > clock_timestamp() - $3 * interval '1 millisecond'`,
    [unit.name, evidenceSince(row, 'shadow') ?? 0n, noMismatchMs],
  )
  const sample = Number(rows[0]?.n)
  const mismatches = Number(rows[0]?.mismatches)
  const verified = await verifiedCollections(context)
  const differences = await countDifferences(context)
  const unverified = unit.mappings.length - verified
  return {
    met: sample > 0 && mismatches === 0 && unverified === 0 && differences === 0,
    value: `${mismatches} mismatches in ${sample} reads, ${verified} of ${unit.mappings.length} collections verified, ${differences} differences`,
    threshold: `none in ${span(noMismatchMs)}, every collection verified in that time, no difference`,
    sample,
    remedy: `landbridge shadow ${unit.name}; landbridge verify ${unit.name}`,
  }
}

async function verifiedCollections({ engine, unit, row }: GateContext): Promise<number> {
  const { rows } = await engine.pool.query(
    `select count(distinct collection)::int as n from landbridge.verify_run
     where unit = $1 and epoch >= $2 and watermark is not null
       and finished_at > clock_timestamp() - $3 * interval '1 millisecond'`,
    [unit.name, evidenceSince(row, 'shadow') ?? 0n, engine.config.timing.noMismatchMs],
  )
  return Number(rows[0]?.n)
}

async function countDifferences({ engine, unit }: GateContext): Promise<number> {
  const { rows } = await engine.pool.query(
    'select count(*)::int as n from landbridge.difference where unit = $1 and reported',
    [unit.name],
  )
  return Number(rows[0]?.n)
}
