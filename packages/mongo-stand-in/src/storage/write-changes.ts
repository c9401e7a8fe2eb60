import type { Timestamp } from 'bson'
import { fromTimestamp } from './cluster-clock.ts'
import { idOf } from './document-id.ts'
import { bytesOf } from './kept-bytes.ts'
import type { LoggedWrite, WriteOrigin } from './log-entry.ts'
import type { Oplog } from './oplog.ts'
import type { WriteOperation } from './write-unit.ts'

/** A write as the append-only file takes it. Its bytes are views, for the entry that is encoded from them at once. */
export function loggedWrite(operation: WriteOperation): LoggedWrite {
  const { collection, kind, key, raw, before, description } = operation
  return {
    ns: collection.ns,
    uuid: collection.uuid,
    kind,
    // A new state has its `_id` in itself.
    id: raw === null ? idOf(key) : undefined,
    raw: raw === null ? null : bytesOf(raw),
    before: before === null ? null : bytesOf(before),
    description,
  }
}

/** What is told of a write; its collection may be gone. */
export type ToldWrite = Omit<WriteOperation, 'collection'> & {
  readonly collection: Pick<WriteOperation['collection'], 'ns' | 'uuid'>
}

/** Tells the log of changes what was written at one time. */
export function pushWrites(
  oplog: Oplog,
  { time: at, wall, origin }: { time: Timestamp; wall: Date; origin?: WriteOrigin },
  operations: readonly ToldWrite[],
): void {
  const time = fromTimestamp(at)
  const transaction =
    origin === undefined || origin.statement !== undefined
      ? undefined
      : { lsid: origin.lsid, txnNumber: origin.txnNumber }
  operations.forEach(({ collection, kind, key, raw, before, description }, part) => {
    const { ns, uuid } = collection
    // An update's full state is only told where the collection keeps images; then there is `before` too.
    const told = kind === 'update' && before === null ? null : raw
    oplog.push({ time, part, wall, type: kind, ns, uuid, key, raw: told, before, description, transaction })
  })
}
