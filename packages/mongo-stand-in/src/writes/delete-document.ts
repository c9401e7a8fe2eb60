import type { Collection } from '../storage/collection.ts'
import { assertWritable, stageWrite } from '../storage/stage-write.ts'
import type { StoredRecord } from '../storage/stored-record.ts'
import type { WriteUnit } from '../storage/write-unit.ts'

/** Stages a deletion. No validator is asked: the migration protocol counts on knowing that (A4). */
export function deleteRecord(unit: WriteUnit, collection: Collection, record: StoredRecord): void {
  assertWritable(unit, record)
  stageWrite(unit, collection, record, 'delete', null)
}
