import { z } from 'zod'
import { jobSchema } from '../backfill/workers/job-queue.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { readUnitRows } from '../fence/unit-row.ts'
import { inTransaction } from '../target/transaction.ts'
import { parseInput } from './input.ts'

const finishInput = z.object({ run: z.boolean().default(false) })

export interface Finished {
  /** The statements, in order; with `run` they have been executed. */
  sql: string[]
  executed: boolean
  message: string
}

/**
 * The SQL that removes the engine from the database: its triggers on the application's tables, then its schema. Needs
 * no MongoDB. Refuses while a unit is not retired, or a foreign key that was taken away has not come back.
 */
export async function finish(engine: Engine, input: z.input<typeof finishInput> = {}): Promise<Finished> {
  const { run } = parseInput(finishInput, input)
  if (!(await hasSchema(engine))) {
    return { sql: [], executed: false, message: 'landbridge has left this database already; nothing changed' }
  }
  await refuseUnfinished(engine)
  const sql = await statements(engine)
  if (!run) return { sql, executed: false, message: 'nothing changed; run it with --yes' }
  await inTransaction(engine.pool, { lockTimeoutMs: 10_000 }, async (tx) => {
    for (const statement of sql) await tx.query(statement)
  })
  return { sql, executed: true, message: 'the engine has left the database' }
}

export async function hasSchema(engine: Engine): Promise<boolean> {
  const { rows } = await engine.pool.query("select to_regclass('landbridge.unit') is not null as there")
  return rows[0]?.there === true
}

async function refuseUnfinished(engine: Engine): Promise<void> {
  const waiting = (await readUnitRows(engine.pool)).filter((row) => row.phase !== 'retired')
  if (waiting.length > 0) {
    throw new LandbridgeError(
      errorCodes.gateNotMet,
      `not finished: ${waiting.map((row) => `${row.name} is in ${row.phase}`).join(', ')}; every unit must be retired first`,
    )
  }
  const { rows } = await engine.pool.query(
    'select table_name as "table", constraint_name as "constraint" from landbridge.taken_foreign_key order by 1, 2',
  )
  if (rows.length === 0) return
  throw new LandbridgeError(
    errorCodes.gateNotMet,
    `foreign keys that were taken away have not come back: ${rows.map((row) => `${row.constraint} on ${row.table}`).join(', ')}; run \`landbridge doctor --repair\``,
  )
}

async function statements(engine: Engine): Promise<string[]> {
  const { rows } = await engine.pool.query(
    `select distinct t.tgname as trigger, format('%I.%I', n.nspname, c.relname) as "table"
     from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_proc p on p.oid = t.tgfoid join pg_namespace f on f.oid = p.pronamespace
     where f.nspname = 'landbridge' and n.nspname <> 'landbridge' and not t.tgisinternal
     order by "table", trigger`,
  )
  return [
    ...rows.map((row) => `drop trigger ${row.trigger} on ${row.table}`),
    // The queue of the backfill's workers, where one has run.
    `drop schema if exists ${jobSchema} cascade`,
    'drop schema landbridge cascade',
  ]
}
