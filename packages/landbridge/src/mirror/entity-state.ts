import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import type { UnitRow } from '../fence/unit-row.ts'
import type { EntityRows, Mapping } from '../mapping/types.ts'
import { idToBytes } from '../source/id-key.ts'
import { lockForApplying } from '../target/applier-check.ts'
import { readEntities } from '../target/entities.ts'
import { inTransaction } from '../target/transaction.ts'
import { legacyIdsOf } from './mirror-target.ts'
import { type ListedChange, type PartialState, readPartialState } from './partial-state.ts'

/** One entity as Postgres has it, and what was known of it in the same snapshot. */
export interface EntityState {
  entity: string
  /** Its `_id` in MongoDB. */
  legacyId: unknown
  /** Undefined when its root row does not exist, child rows or not: such an entity is deleted (G5). */
  rows: EntityRows | undefined
  /** Exactly these are deleted after the commit; a later row tells of a state that was not read (A3). */
  outboxIds: string[]
  /** Only MongoDB holds it: it is neither written nor deleted there until an operator releases it (A15). */
  quarantined: boolean
  /** Version of the gap that this mirror would close. */
  gapVersion: string | undefined
  /** It is noted as a document near the most that MongoDB takes. */
  isNotedLarge: boolean
  /** What has changed, where the entity may be mirrored in parts; its rows have not been read then. */
  parts: PartialState | undefined
}

export interface EntityStates {
  unit: UnitRow
  states: EntityState[]
}

/**
 * Reads entities for a mirror to MongoDB in one snapshot: phase, outbox ids, quarantine, rows; with `inParts`, of an
 * entity that has neither gap nor quarantine only what its outbox rows name, where that is enough. Under
 * REPEATABLE READ the snapshot is older than a lock that had to be waited for; the row read FOR SHARE then fails
 * with 40001 instead of showing an old phase (A8). Throws LB_WRONG_PHASE.
 */
export async function readEntityStates(
  engine: Engine,
  mapping: Mapping,
  entities: readonly string[],
  options: { inParts?: boolean } = {},
): Promise<EntityStates> {
  // Pairs of the id map never change, so they may be read before the snapshot.
  const legacyIds = await legacyIdsOf(engine, mapping, entities)
  return inTransaction(engine.pool, { isolation: 'repeatable read', lockTimeoutMs: 2_000 }, async (tx) => {
    const unit = await lockForApplying(tx, mapping.unit, 'to-mongo')
    const outbox = await outboxRowsOf(tx, mapping.collection, entities)
    const notes = await notesOf(tx, mapping.collection, legacyIds)
    const states: EntityState[] = []
    for (const [i, entity] of entities.entries()) {
      const legacyId = legacyIds[i]
      const note = notes.get(idToBytes(legacyId).toString('hex'))
      const listed = outbox.get(entity) ?? []
      const [quarantined, gapVersion] = [note?.quarantined ?? false, note?.gapVersion ?? undefined]
      // A gap means the whole entity (G8).
      const mayBeParts = options.inParts === true && !quarantined && gapVersion === undefined
      states.push({
        entity,
        legacyId,
        rows: undefined,
        outboxIds: listed.map(({ id }) => id),
        quarantined,
        gapVersion,
        isNotedLarge: note?.isNotedLarge ?? false,
        parts: mayBeParts ? await readPartialState(tx, mapping, entity, listed) : undefined,
      })
    }
    const whole = states.filter((state) => state.parts === undefined)
    const rows = await readEntities(
      tx,
      mapping,
      whole.map((state) => state.entity),
    )
    for (const state of whole) state.rows = rows.get(state.entity)
    return { unit, states }
  })
}

interface OutboxRow extends ListedChange {
  id: string
  entity: string
}

async function outboxRowsOf(
  tx: PoolClient,
  collection: string,
  entities: readonly string[],
): Promise<Map<string, OutboxRow[]>> {
  const { rows } = await tx.query<OutboxRow>(
    `select id::text as id, entity, kind, child_path as path, child_id as child from landbridge.change_outbox
     where collection = $1 and entity = any($2::uuid[])`,
    [collection, entities],
  )
  return Map.groupBy(rows, (row) => row.entity)
}

interface Note {
  legacyId: Buffer
  quarantined: boolean
  gapVersion: string | null
  isNotedLarge: boolean
}

async function notesOf(tx: PoolClient, collection: string, legacyIds: unknown[]): Promise<Map<string, Note>> {
  const { rows } = await tx.query<Note>(
    `select ids.legacy_id as "legacyId", q.legacy_id is not null as quarantined, g.version::text as "gapVersion",
       l.legacy_id is not null as "isNotedLarge"
     from unnest($2::bytea[]) as ids (legacy_id)
     left join landbridge.quarantine q on q.collection = $1 and q.legacy_id = ids.legacy_id
     left join landbridge.pg_dualwrite_gaps g on g.collection = $1 and g.legacy_id = ids.legacy_id
     left join landbridge.large_document l on l.collection = $1 and l.legacy_id = ids.legacy_id`,
    [collection, legacyIds.map(idToBytes)],
  )
  return new Map(rows.map((row) => [row.legacyId.toString('hex'), row]))
}
