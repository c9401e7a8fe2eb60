import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { authorityOf } from '../phase.ts'
import { inTransaction } from '../target/transaction.ts'
import {
  type CopyOfUnit,
  compareWithCopy,
  copyFor,
  readCopy,
  refuseRowThatWentBack,
  writeCopy,
} from './copy.ts'
import { preImagesOfOurs, setPreImages } from './pre-images.ts'
import { readTtlIndexes, restoreTtl, stopTtl } from './ttl.ts'
import { readUnitRow, type UnitRow } from './unit-row.ts'
import {
  type CollectionOptions,
  closeCollections,
  forgetBefore,
  openCollections,
  readCollections,
  rememberCollections,
  remembersBefore,
} from './validator.ts'

/** A collMod of ours that MongoDB has not begun within this time is given up. */
export const collModMs = 300
/** How long a lift that was sent may still arrive: no step towards Postgres opens before (C1 c). */
const liftingMs = 5_000

export type Assertion = 'in-order' | 'asserted' | 'fence-open'

interface InMongo {
  collections: CollectionOptions[]
  copy: CopyOfUnit | undefined
  /** Something of the collections is still to be given back. */
  remembered: boolean
}

/**
 * Makes copy, validator, pre-images and TTL indexes in MongoDB what the unit's row says. Any node may do it at any
 * time; the coordinator of a rollback does it after its commit. Throws LB_ROW_WENT_BACK.
 */
export async function assertUnit(engine: Engine, unit: UnitConfig): Promise<Assertion> {
  const seen = await readMongo(engine, unit)
  const row = await readUnitRow(engine.pool, unit.name)
  if (row.status !== 'open') return 'fence-open'
  if (isInOrder(row, seen)) return 'in-order'
  return assertUnderLock(engine, unit)
}

/**
 * The unit's lock is held, shared, from before the reading until MongoDB has answered: a fence cannot open meanwhile,
 * so a validator can never be lifted inside the next fence (C1 a). While a fence is open only its coordinator touches
 * anything (C1 b).
 */
async function assertUnderLock(engine: Engine, unit: UnitConfig): Promise<Assertion> {
  return inTransaction(engine.pool, { lockTimeoutMs: 1_000 }, async (tx) => {
    await tx.query('select pg_advisory_xact_lock_shared(landbridge.unit_lock_key($1))', [unit.name])
    // One node at a time: a second lift would find what the collections had before already forgotten.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `landbridge:assert:${unit.name}`,
    ])
    const seen = await readMongo(engine, unit)
    const row = await readUnitRow(tx, unit.name)
    if (row.status !== 'open') return 'fence-open'
    refuseRowThatWentBack(row, seen.copy)
    // The copy first: then no write can be accepted under a copy that is still closed (C2, C5).
    if (compareWithCopy(row, seen.copy) === 'copy-behind') await writeCopy(engine, copyFor(row), 1_000)
    if (row.phase === 'retired') return 'asserted'
    if (authorityOf(row.phase) === 'postgres') await close(engine, unit, seen.collections)
    else await lift(engine, unit, seen.collections)
    return 'asserted'
  })
}

async function close(
  engine: Engine,
  unit: UnitConfig,
  collections: readonly CollectionOptions[],
): Promise<void> {
  const open = collections.filter((collection) => !collection.closed)
  await rememberCollections(engine, unit, open)
  await closeCollections(engine, unit, open, collModMs)
  await setPreImages(engine, collections, true, collModMs)
  await stopTtl(engine, unit, await readTtlIndexes(engine, unit), collModMs)
}

async function lift(
  engine: Engine,
  unit: UnitConfig,
  collections: readonly CollectionOptions[],
): Promise<void> {
  const closed = collections.filter((collection) => collection.closed)
  if (closed.length > 0) await liftValidators(engine, unit.name, closed)
  const ours = await preImagesOfOurs(engine, unit.name)
  await setPreImages(
    engine,
    collections.filter((collection) => ours.has(collection.name)),
    false,
    collModMs,
  )
  await restoreTtl(engine, unit, collModMs)
  await forgetBefore(engine, unit.name)
}

/**
 * Notes, committed on a connection of its own before anything is sent, that a lift may be under way: if this process
 * loses its session or stops, the lock is gone, but the note stays. The clock is checked right before the send.
 */
async function liftValidators(
  engine: Engine,
  unit: string,
  closed: readonly CollectionOptions[],
): Promise<void> {
  const noted = performance.now()
  const { rows } = await engine.pool.query(
    `insert into landbridge.lifting (unit, until) values ($1, clock_timestamp() + $2 * interval '1 millisecond')
     on conflict (unit) do update set until = greatest(lifting.until, excluded.until) returning until`,
    [unit, liftingMs],
  )
  if (performance.now() - noted > liftingMs / 2) return
  await openCollections(engine, closed, collModMs)
  // MongoDB has answered, so nothing of this lift can arrive later; another node's note is newer and stays.
  await engine.pool.query('delete from landbridge.lifting where unit = $1 and until = $2', [
    unit,
    rows[0]?.until,
  ])
}

async function readMongo(engine: Engine, unit: UnitConfig): Promise<InMongo> {
  const [collections, copy, remembered] = await Promise.all([
    readCollections(engine, unit),
    readCopy(engine, unit.name),
    remembersBefore(engine, unit.name),
  ])
  return { collections, copy, remembered }
}

function isInOrder(row: UnitRow, seen: InMongo): boolean {
  if (compareWithCopy(row, seen.copy) !== 'equal') return false
  if (row.phase === 'retired') return true
  const closed = authorityOf(row.phase) === 'postgres'
  if (!closed && seen.remembered) return false
  return seen.collections.every((collection) => collection.closed === closed)
}
