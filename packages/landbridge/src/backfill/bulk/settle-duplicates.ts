import type { PoolClient } from 'pg'
import type { Engine } from '../../engine.ts'
import type { Mapping, TableShape } from '../../mapping/types.ts'
import { noteGaps } from '../../mirror/gaps.ts'
import { legacyIdsOf } from '../../mirror/mirror-target.ts'
import { idToBytes } from '../../source/id-key.ts'
import { lockForApplying } from '../../target/applier-check.ts'
import { deleteEntities } from '../../target/entities.ts'
import { lockEntities } from '../../target/entity-locks.ts'
import { identifier, tableName } from '../../target/identifier.ts'
import { entityColumn } from '../../target/rows.ts'
import { inTransaction } from '../../target/transaction.ts'
import type { TakenIndex } from './taken-index.ts'

const LOCK_WAIT_MS = 5_000

/**
 * Finds all entities that hold a value which another one holds too, and takes them out: each becomes a gap, as when
 * its chunk had met the index. When they are mirrored again, with the index in place, the constraint's declared outcome
 * decides. Answers their ids.
 */
export async function settleDuplicates(
  engine: Engine,
  mapping: Mapping,
  index: TakenIndex,
): Promise<unknown[]> {
  const rawIds = await inTransaction(
    engine.pool,
    { applier: true, lockTimeoutMs: LOCK_WAIT_MS },
    async (tx) => {
      await lockForApplying(tx, mapping.unit, 'to-postgres')
      const entities = await findDuplicates(tx, mapping, index)
      await lockEntities(tx, mapping.unit, entities, { waitMs: LOCK_WAIT_MS })
      await deleteEntities(tx, mapping, entities)
      const ids = await legacyIdsOf(engine, mapping, entities)
      await noteGaps(
        tx,
        ids.map((id) => ({
          unit: mapping.unit,
          collection: mapping.collection,
          legacyId: idToBytes(id),
          code: 'unique',
          detail: `its value was not alone when ${index.name} was built`,
        })),
      )
      return ids
    },
  )
  engine.log.info(
    { collection: mapping.collection, index: index.name, entities: rawIds.length },
    'entities with values that must be unique are mirrored again',
  )
  return rawIds
}

async function findDuplicates(tx: PoolClient, mapping: Mapping, index: TakenIndex): Promise<string[]> {
  const { rows } = await tx.query<{ entity: string }>(
    `select distinct entity from (
       select ${identifier(entityColumn(tableOf(mapping, index)))} as entity,
         count(*) over (partition by ${index.keys.map((key) => `(${key})`).join(', ')}) as equal
       from ${index.table} where ${[...conditionsOf(index), 'true'].join(' and ')}) counted
     where equal > 1 order by entity`,
  )
  return rows.map((row) => row.entity)
}

function conditionsOf({ keys, condition, nullsEqual }: TakenIndex): string[] {
  return [
    ...(condition === null ? [] : [`(${condition})`]),
    // Unless it says otherwise, an index takes two nulls for different.
    ...(nullsEqual ? [] : keys.map((key) => `(${key}) is not null`)),
  ]
}

function tableOf(mapping: Mapping, index: TakenIndex): TableShape {
  const found = mapping.tables.find((table) => index.table === tableName(table))
  return found ?? mapping.table
}
