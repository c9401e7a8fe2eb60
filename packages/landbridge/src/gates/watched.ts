import { enteredAt, evidenceSince, type GateContext, type Measurement, span } from './gate.ts'

/** Gate 9: the unit has been on Postgres, watched, for long enough, and nothing went wrong meanwhile. */
export async function watched({ engine, unit, row }: GateContext): Promise<Measurement> {
  const { watchMs } = engine.config.timing
  const since = enteredAt(row, 'postgres')
  const watchedMs = since === null ? 0 : engine.clock.now().getTime() - since.getTime()
  const { rows } = await engine.pool.query(
    `select (select count(*)::int from landbridge.verify_run where unit = $1 and epoch >= $2 and finished_at is not null) as verified,
       (select count(*)::int from landbridge.difference where unit = $1 and reported) as differences,
       (select count(*)::int from landbridge.change_outbox where unit = $1
         and written_at < clock_timestamp() - interval '1 minute') as late`,
    [unit.name, evidenceSince(row, 'postgres') ?? 0n],
  )
  const { verified, differences, late } = rows[0] ?? {}
  return {
    met: since !== null && watchedMs >= watchMs && verified > 0 && differences === 0 && late === 0,
    value: `${span(watchedMs)} on Postgres, ${verified} verifications, ${differences} differences, ${late} late changes`,
    threshold: `${span(watchMs)}, verified since, no difference, nothing late`,
    sample: Number(verified ?? 0),
    remedy: `landbridge verify ${unit.name}, and wait`,
  }
}
