import type { Engine } from './engine.ts'
import { applyNumberedSql, isInstalled } from './install/apply-sql.ts'
import { attachUnits, isAttached } from './install/attach-units.ts'
import { refuseFinishedUnits } from './install/refuse-finished.ts'
import { requirePrivileges, requireReplicaSet } from './install/server-checks.ts'
import { inTransaction } from './target/transaction.ts'

export interface Installed {
  /** Numbered SQL files that were applied now. */
  applied: string[]
  /** Units whose triggers were put on now. */
  attached: string[]
}

/**
 * Brings the engine's own schema, the unit rows and the triggers to what this build and configuration want. Every
 * verb and every node begins with it; where nothing is missing it reads and changes nothing.
 * Throws LB_NOT_REPLICA_SET, LB_MISSING_PRIVILEGE, LB_CONFIG, and errors of the connection.
 */
export async function install(engine: Engine, options: { mongo?: boolean } = {}): Promise<Installed> {
  if (options.mongo !== false) await requireReplicaSet(engine.mongo)
  if (await isComplete(engine)) return { applied: [], attached: [] }
  await requirePrivileges(engine.pool)
  return inTransaction(engine.pool, { lockTimeoutMs: 10_000 }, async (tx) => {
    const applied = await applyNumberedSql(tx)
    await refuseFinishedUnits(engine, tx)
    return { applied, attached: await attachUnits(tx, engine.config.units) }
  })
}

async function isComplete(engine: Engine): Promise<boolean> {
  const client = await engine.pool.connect()
  try {
    if (!(await isInstalled(client))) return false
    for (const unit of engine.config.units) {
      if (!(await isAttached(client, unit))) return false
    }
    return true
  } finally {
    client.release()
  }
}
