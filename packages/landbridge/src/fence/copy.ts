import { type Db, Long, MongoServerError } from 'mongodb'
import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { authorityOf, type Store } from '../phase.ts'
import type { UnitRow } from './unit-row.ts'

/** Collection that holds, for nodes cut off from Postgres, a copy of who is the authority of each unit. */
export const copyCollection = 'landbridge_units'

const copySchema = z.object({
  _id: z.string(),
  authority: z.enum(['mongo', 'postgres']),
  epoch: z.bigint(),
})

export interface CopyOfUnit {
  unit: string
  authority: Store
  epoch: bigint
}

/** What the copy must say for this row: Postgres from the moment that a fence towards Postgres is open. */
export function copyFor(row: UnitRow): CopyOfUnit {
  const closing =
    row.status === 'fenced' && row.fenceTarget !== null && authorityOf(row.fenceTarget) === 'postgres'
  return { unit: row.name, authority: closing ? 'postgres' : authorityOf(row.phase), epoch: row.epoch }
}

/**
 * Every epoch has exactly one copy, so a copy ahead of the row, or one of the same epoch that says otherwise, means
 * that the row has gone back in time: Postgres has lost a commit in a failover (C5).
 */
export function compareWithCopy(
  row: UnitRow,
  copy: CopyOfUnit | undefined,
): 'equal' | 'copy-behind' | 'row-went-back' {
  if (copy === undefined || copy.epoch < row.epoch) return 'copy-behind'
  return copy.epoch === row.epoch && copy.authority === copyFor(row).authority ? 'equal' : 'row-went-back'
}

/** Throws LB_ROW_WENT_BACK: nobody undoes, opens, asserts, captures or relays that unit until an operator decided. */
export function refuseRowThatWentBack(row: UnitRow, copy: CopyOfUnit | undefined): void {
  if (compareWithCopy(row, copy) !== 'row-went-back') return
  throw new LandbridgeError(
    errorCodes.rowWentBack,
    `unit ${row.name}: MongoDB has seen epoch ${copy?.epoch} (${copy?.authority}), Postgres says epoch ${row.epoch} (${row.phase}, ${row.status}). Postgres has lost a commit, probably in a failover. Nothing of the unit moves until an operator has decided which store holds its last writes; see the runbook.`,
    { detail: { unit: row.name, rowEpoch: String(row.epoch), copyEpoch: String(copy?.epoch) } },
  )
}

export async function readCopies(engine: Engine, maxTimeMS?: number): Promise<Map<string, CopyOfUnit>> {
  const documents = await copies(engine.database)
    .find({}, { readConcern: { level: 'majority' }, promoteLongs: true, useBigInt64: true, maxTimeMS })
    .toArray()
  return new Map(documents.map((document) => [String(document._id), parseCopy(document)]))
}

export async function readCopy(engine: Engine, unit: string): Promise<CopyOfUnit | undefined> {
  const document = await copies(engine.database).findOne(
    { _id: unit },
    { readConcern: { level: 'majority' }, useBigInt64: true },
  )
  return document === null ? undefined : parseCopy(document)
}

/**
 * Writes the copy unless MongoDB already holds one of this or a later epoch, so that a writer that was stopped for a
 * while cannot turn it back (C3). Answers false when it was too late.
 */
export async function writeCopy(engine: Engine, copy: CopyOfUnit, maxTimeMS: number): Promise<boolean> {
  const epoch = Long.fromBigInt(copy.epoch)
  try {
    const result = await copies(engine.database).updateOne(
      { _id: copy.unit, epoch: { $lt: epoch } },
      { $set: { authority: copy.authority, epoch } },
      { upsert: true, writeConcern: { w: 'majority', wtimeoutMS: maxTimeMS }, maxTimeMS },
    )
    return result.matchedCount + result.upsertedCount > 0
  } catch (error) {
    // The upsert met a copy of this or a later epoch.
    if (error instanceof MongoServerError && error.code === 11_000) return false
    throw error
  }
}

function copies(database: Db) {
  return database.collection<{ _id: string; authority: string; epoch: Long }>(copyCollection)
}

function parseCopy(document: unknown): CopyOfUnit {
  const { _id, authority, epoch } = copySchema.parse(document)
  return { unit: _id, authority, epoch }
}
