import type { Engine } from '../engine.ts'
import { compareWithCopy, readCopies } from '../fence/copy.ts'
import { readUnitRows } from '../fence/unit-row.ts'
import { isAttached } from '../install/attach-units.ts'
import { missingPrivileges, requireReplicaSet } from '../install/server-checks.ts'

/** One thing that was looked at. `warn` does not stop a crossing, `bad` does. */
export interface Diagnosis {
  check: string
  level: 'good' | 'warn' | 'bad'
  found: string
  /** What to do; empty where nothing is to be done. */
  remedy: string
}

export async function checkPostgres(engine: Engine): Promise<Diagnosis[]> {
  const grants = await missingPrivileges(engine.pool)
  const { rows } = await engine.pool.query(
    `select current_setting('server_version') as version, current_setting('synchronous_commit') as "commit",
       (select count(*)::int from pg_stat_replication) as standbys,
       (select count(*)::int from pg_stat_replication where sync_state in ('sync', 'quorum')) as synchronous`,
  )
  const { version, commit, standbys, synchronous } = rows[0] ?? {}
  return [
    { check: 'Postgres', level: 'good', found: `version ${version}`, remedy: '' },
    {
      check: 'privileges',
      level: grants.length === 0 ? 'good' : 'bad',
      found: grants.length === 0 ? 'all there' : 'missing',
      remedy: grants.join(' '),
    },
    {
      check: 'failover',
      level: standbys > 0 && synchronous === 0 ? 'warn' : 'good',
      found:
        standbys === 0
          ? 'no standby is connected'
          : `${standbys} standbys, ${synchronous} of them synchronous (synchronous_commit = ${commit})`,
      remedy:
        standbys > 0 && synchronous === 0
          ? 'a failover could forget a change of authority: set synchronous_standby_names'
          : '',
    },
  ]
}

export async function checkMongo(engine: Engine): Promise<Diagnosis[]> {
  try {
    await requireReplicaSet(engine.mongo)
    const { version } = await engine.mongo.db('admin').command({ buildInfo: 1 })
    return [{ check: 'MongoDB', level: 'good', found: `version ${version}, replica set`, remedy: '' }]
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return [{ check: 'MongoDB', level: 'bad', found: message, remedy: 'check MONGO_URL' }]
  }
}

/** Triggers, fences, the copy in MongoDB, processes, foreign keys. */
export async function checkUnits(engine: Engine): Promise<Diagnosis[]> {
  const rows = await readUnitRows(engine.pool)
  const copies = await readCopies(engine).catch(() => null)
  const checks: Diagnosis[] = []
  for (const unit of engine.config.units) {
    const row = rows.find((each) => each.name === unit.name)
    const client = await engine.pool.connect()
    const attached = await isAttached(client, unit).finally(() => client.release())
    if (row === undefined || !attached) {
      checks.push(
        bad(`triggers of ${unit.name}`, 'missing or of another configuration', 'landbridge doctor --repair'),
      )
      continue
    }
    checks.push({ check: `triggers of ${unit.name}`, level: 'good', found: 'as they should be', remedy: '' })
    if (row.status !== 'open') {
      checks.push(
        warn(
          `fence of ${unit.name}`,
          `${row.status} towards ${row.fenceTarget}`,
          'wait 5 s, then landbridge doctor --repair',
        ),
      )
    }
    const state = copies === null ? 'equal' : compareWithCopy(row, copies.get(unit.name))
    if (state === 'row-went-back') {
      checks.push(
        bad(
          `row of ${unit.name}`,
          'Postgres has lost a commit: MongoDB has seen a later epoch',
          'decide which store holds the last writes; see the runbook',
        ),
      )
    } else if (state === 'copy-behind' && row.phase !== 'mongo') {
      checks.push(warn(`copy of ${unit.name}`, 'older than the row', 'landbridge doctor --repair'))
    }
  }
  return [...checks, ...(await checkDuties(engine)), ...(await checkForeignKeys(engine))]
}

async function checkDuties(engine: Engine): Promise<Diagnosis[]> {
  const { rows } = await engine.pool.query(
    `select exists (select from landbridge.duty where name = 'capture' and until > clock_timestamp()) as captured,
       exists (select from landbridge.unit where phase in ('mirror', 'shadow', 'postgres')) as moving,
       (select count(distinct build)::int from landbridge.node
         where heartbeat_at > clock_timestamp() - $1 * interval '1 millisecond') as builds`,
    [engine.config.timing.nodeDeadAfterMs],
  )
  const { captured, moving, builds } = rows[0] ?? {}
  const checks: Diagnosis[] = []
  if (moving && !captured) {
    checks.push(
      bad('capture', 'no process reads the change stream', 'start the application, or landbridge worker'),
    )
  }
  if (builds > 1)
    checks.push(warn('builds', `${builds} builds run side by side`, 'finish the deployment first'))
  return checks
}

async function checkForeignKeys(engine: Engine): Promise<Diagnosis[]> {
  const { rows } = await engine.pool.query(
    `select count(*)::int as taken, count(*) filter (
         where a.phase in ('postgres', 'retired') and b.phase in ('postgres', 'retired'))::int as due
     from landbridge.taken_foreign_key k
     join landbridge.unit_table f on f.table_name = k.table_name join landbridge.unit a on a.name = f.unit
     join landbridge.unit_table t on t.table_name = k.referenced_table join landbridge.unit b on b.name = t.unit`,
  )
  const { taken, due } = rows[0] ?? {}
  if (due > 0) return [warn('foreign keys', `${due} could be back`, 'landbridge doctor --repair')]
  return [
    { check: 'foreign keys', level: 'good', found: `${taken} taken away for units that move`, remedy: '' },
  ]
}

function bad(check: string, found: string, remedy: string): Diagnosis {
  return { check, level: 'bad', found, remedy }
}

function warn(check: string, found: string, remedy: string): Diagnosis {
  return { check, level: 'warn', found, remedy }
}
