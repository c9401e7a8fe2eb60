import type { ClientBase, Pool } from 'pg'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'

/** A process of an older build must not move the position past changes of collections that it does not read. */
export async function refuseUnknownCollections(engine: Engine, client: Pool | ClientBase): Promise<void> {
  const known = engine.config.units.flatMap((unit) => unit.mappings.map((mapping) => mapping.collection))
  const { rows } = await client.query<{ collection: string }>(
    `select distinct t.collection from landbridge.unit_table t join landbridge.unit u on u.name = t.unit
     where u.phase in ('mirror', 'shadow', 'postgres') and not t.collection = any($1::text[])`,
    [known],
  )
  if (rows.length === 0) return
  const names = rows.map((row) => row.collection).join(', ')
  throw new LandbridgeError(
    errorCodes.config,
    `collections are being moved that this process's configuration does not know: ${names}; deploy the newer build here, too`,
  )
}
