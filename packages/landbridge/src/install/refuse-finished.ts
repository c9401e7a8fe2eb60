import type { ClientBase } from 'pg'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { tableName } from '../target/identifier.ts'
import { mongoUnavailable } from './server-checks.ts'

/**
 * A unit that is new to this database begins in phase `mongo`, where its tables refuse the application's writes. Where
 * its rows are in Postgres and MongoDB has none of its documents, that would be wrong: the unit has crossed, and
 * `finish` has taken the engine out. Throws LB_CONFIG.
 */
export async function refuseFinishedUnits(engine: Engine, tx: ClientBase): Promise<void> {
  for (const unit of engine.config.units) {
    const { rows } = await tx.query('select from landbridge.unit where name = $1', [unit.name])
    if (rows.length > 0 || !(await hasRows(tx, unit)) || (await isInMongo(engine, unit))) continue
    throw new LandbridgeError(
      errorCodes.config,
      `unit ${unit.name} has rows in Postgres and no document in MongoDB: it has crossed already, and landbridge has left this database (finish). Start the final program instead; nothing was changed`,
    )
  }
}

async function hasRows(tx: ClientBase, unit: UnitConfig): Promise<boolean> {
  for (const mapping of unit.mappings) {
    const { rows } = await tx.query(`select exists (select from ${tableName(mapping.table)}) as filled`)
    if (rows[0]?.filled === true) return true
  }
  return false
}

async function isInMongo(engine: Engine, unit: UnitConfig): Promise<boolean> {
  for (const mapping of unit.mappings) {
    const found = await engine.database
      .collection(mapping.collection)
      .findOne({}, { projection: { _id: 1 } })
      .catch((cause: unknown) => {
        throw mongoUnavailable(cause)
      })
    if (found !== null) return true
  }
  return false
}
