import type { ClientBase } from 'pg'
import type { Engine } from '../engine.ts'
import { encodeBson } from '../mapping/bson.ts'
import type { Mapping } from '../mapping/types.ts'
import { targetsOf } from '../mirror/mirror-target.ts'
import { idToBytes } from '../source/id-key.ts'
import type { DocumentEvent } from './change-event.ts'

/**
 * Writes that reached MongoDB although Postgres is the authority (a shell, a raw delete, a process that was frozen
 * across the change): each is kept whole, alarmed, and its entity put into the outbox, whole, so that the relay
 * mirrors the authority's state back over it (A4, A7, G4).
 */
export async function keepForeignEvents(
  engine: Engine,
  tx: ClientBase,
  mapping: Mapping,
  events: readonly DocumentEvent[],
): Promise<void> {
  for (const event of events) {
    await keepEvent(tx, mapping, event)
    const [target] = await targetsOf(engine, mapping, [event.id])
    const entity = target?.entity
    const what = { unit: mapping.unit, collection: mapping.collection, operation: event.operation, entity }
    if (entity === undefined) {
      engine.log.error(
        what,
        'a foreign write made a document whose _id has no place in Postgres; verify will list it',
      )
      continue
    }
    engine.log.error(
      what,
      'a foreign write reached MongoDB while Postgres is the authority; it is kept and overwritten',
    )
    await tx.query(
      `insert into landbridge.change_outbox (unit, collection, entity, kind) values ($1, $2, $3, 'entity')`,
      [mapping.unit, mapping.collection, entity],
    )
  }
}

/** An event that is read a second time is known by its token. */
async function keepEvent(tx: ClientBase, mapping: Mapping, event: DocumentEvent): Promise<void> {
  await tx.query(
    `insert into landbridge.foreign_event (unit, collection, legacy_id, operation, event, cluster_time, token)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (token) do nothing`,
    [
      mapping.unit,
      mapping.collection,
      idToBytes(event.id),
      event.operation,
      Buffer.from(encodeBson(event.whole)),
      String(event.clusterTime),
      event.token._data,
    ],
  )
}
