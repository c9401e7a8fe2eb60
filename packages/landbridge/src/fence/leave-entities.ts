import { calculateObjectSize, setInternalBufferSize } from 'bson'
import type { PoolClient } from 'pg'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { isObjectIdHex, uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { encodeBson } from '../mapping/bson.ts'
import type { Document, Mapping } from '../mapping/types.ts'
import { legacyIdsOf } from '../mirror/mirror-target.ts'
import { idToBytes } from '../source/id-key.ts'
import { readEntities } from '../target/entities.ts'
import { inTransaction } from '../target/transaction.ts'

/** What bson begins with: 17 MB. */
const bsonBufferBytes = 17 * 1024 * 1024

export interface Left {
  collection: string
  entity: string
}

/**
 * `rollback --leave`: entities that MongoDB refuses (16 MB, a unique value) would keep the outbox from ever draining
 * (A23). They are kept whole in quarantine, accepted by name and reason, and their outbox rows go.
 */
export async function leaveEntities(
  engine: Engine,
  unit: UnitConfig,
  leave: { ids: readonly string[]; actor: string; reason: string; epoch: bigint },
): Promise<Left[]> {
  if (leave.ids.length === 0) return []
  const entities = leave.ids.map(entityOf)
  return inTransaction(engine.pool, { isolation: 'repeatable read' }, async (tx) => {
    const left: Left[] = []
    for (const mapping of unit.mappings) {
      const found = await readEntities(tx, mapping, entities)
      for (const [entity, rows] of found) {
        const [rawId] = await legacyIdsOf(engine, mapping, [entity])
        const raw = encodeWhole(mapping.rebuildDocument(rows))
        await keepWhole(tx, mapping, { entity, legacyId: idToBytes(rawId), raw }, leave)
        left.push({ collection: mapping.collection, entity })
      }
    }
    const missing = entities.filter((entity) => !left.some((each) => each.entity === entity))
    if (missing.length > 0) {
      throw new LandbridgeError(
        errorCodes.unknownName,
        `--leave names entities that unit ${unit.name} does not have: ${missing.join(', ')}`,
      )
    }
    return left
  })
}

async function keepWhole(
  tx: PoolClient,
  mapping: Mapping,
  left: { entity: string; legacyId: Buffer; raw: Uint8Array },
  leave: { actor: string; reason: string; epoch: bigint },
): Promise<void> {
  await tx.query(
    `insert into landbridge.quarantine (collection, legacy_id, unit, raw, path, code, reason, value_type, epoch,
       accepted_by, accepted_reason, accepted_at)
     values ($1, $2, $3, $4, '', 'left', $5, 'document', $6, $7, $5, now())
     on conflict (collection, legacy_id) do update set raw = excluded.raw, code = excluded.code,
       reason = excluded.reason, epoch = excluded.epoch, last_at = now(), accepted_by = excluded.accepted_by,
       accepted_reason = excluded.accepted_reason, accepted_at = now()`,
    [mapping.collection, left.legacyId, mapping.unit, left.raw, leave.reason, leave.epoch, leave.actor],
  )
  await tx.query('delete from landbridge.change_outbox where collection = $1 and entity = $2', [
    mapping.collection,
    left.entity,
  ])
}

/** A document may be past what MongoDB takes, and then past the buffer that bson encodes into. */
function encodeWhole(document: Document): Uint8Array {
  setInternalBufferSize(Math.max(bsonBufferBytes, calculateObjectSize(document, { ignoreUndefined: false })))
  return encodeBson(document)
}

/** Operators name entities by the id that they know. */
export function entityOf(id: string): string {
  if (isObjectIdHex(id)) return uuidFromObjectId(id)
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase()
  throw new LandbridgeError(errorCodes.usage, `"${id}" is neither an ObjectId (24 hex digits) nor a UUID`)
}
