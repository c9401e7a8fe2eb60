import type { Engine } from '../engine.ts'
import { lockUnitShared } from '../fence/unit-row.ts'
import { inTransaction } from '../target/transaction.ts'

/** An entity that the outbox names, however often. */
export interface OutboxEntity {
  collection: string
  entity: string
}

/** Entities that wait, the longest first. */
export async function outboxEntities(
  engine: Engine,
  unit: string,
  options: { limit: number; except: readonly OutboxEntity[] },
): Promise<OutboxEntity[]> {
  const { rows } = await engine.pool.query<OutboxEntity>(
    `select collection, entity from (
       select id, collection, entity from landbridge.change_outbox o
       where unit = $1 and not exists (
         select from unnest($3::text[], $4::uuid[]) as excepted (collection, entity)
         where excepted.collection = o.collection and excepted.entity = o.entity)
       order by id limit $2 * 10
     ) oldest group by collection, entity order by min(id) limit $2`,
    [
      unit,
      options.limit,
      options.except.map((each) => each.collection),
      options.except.map((each) => each.entity),
    ],
  )
  return rows
}

/** A retired unit is mirrored nowhere; rows that were written until its triggers went are dropped, under its lock. */
export async function dropRetired(engine: Engine, unit: string): Promise<void> {
  await inTransaction(engine.pool, { lockTimeoutMs: 2_000 }, async (tx) => {
    const row = await lockUnitShared(tx, unit)
    if (row.phase === 'retired')
      await tx.query('delete from landbridge.change_outbox where unit = $1', [unit])
  })
}
