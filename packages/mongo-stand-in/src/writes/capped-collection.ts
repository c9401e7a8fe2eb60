import { badValue, notSupported } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { lengthOf } from '../storage/kept-bytes.ts'
import type { StoredRecord } from '../storage/stored-record.ts'
import type { WriteUnit } from '../storage/write-unit.ts'
import { deleteRecord } from './delete-document.ts'

/** A collection of limited size in which the oldest documents make room for new ones. */
export function isCapped({ options }: Collection): boolean {
  return options.capped === true
}

/** Refuses a document that is larger than all that the collection may hold. */
export function assertFitsCapped({ options }: Collection, bytes: number): void {
  if (bytes > Number(options.size)) throw badValue('object to insert exceeds cappedMaxSize')
}

/** Stages the removal of the oldest documents until the one that the unit has just inserted has room. */
export function makeRoom(
  unit: WriteUnit,
  collection: Collection,
  inserted: StoredRecord,
  bytes: number,
): void {
  const { size, max } = collection.options
  const most = max === undefined ? Number.POSITIVE_INFINITY : Number(max)
  let count = collection.count + 1
  let total = collection.bytes + bytes
  for (const record of collection.records) {
    if (record === inserted || (count <= most && total <= Number(size))) return
    if (record.document === null) continue
    count--
    total -= lengthOf(record.document)
    deleteRecord(unit, collection, record)
  }
}

/** The versions of MongoDB differ in what becomes of an update that changes the size of a document here. */
export function assertSameSize(before: number, after: number): void {
  if (before !== after) throw notSupported('changing the size of a document in a capped collection')
}
