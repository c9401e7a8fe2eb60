import { Long } from 'mongodb'
import type { CounterConfig, UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import type { Store } from '../phase.ts'
import { identifier } from '../target/identifier.ts'

/**
 * Carries a unit's counters over to the store that is about to be the authority: above the highest value ever used
 * in either, so that a number is never given out twice, whichever way and however often the unit goes.
 */
export async function carryCounters(engine: Engine, unit: UnitConfig, towards: Store): Promise<void> {
  for (const counter of unit.counters ?? []) {
    const [inMongo, inPostgres, used] = await Promise.all([
      readMongoCounter(engine, counter),
      readSequence(engine, counter),
      readHighestUsed(engine, counter),
    ])
    const [highest = 0n] = [inMongo, inPostgres, used].sort((left, right) => (left < right ? 1 : -1))
    if (towards === 'postgres' && highest > inPostgres) await raiseSequence(engine, counter, highest)
    if (towards === 'mongo' && highest > inMongo) await raiseMongoCounter(engine, counter, highest)
  }
}

async function readMongoCounter(engine: Engine, counter: CounterConfig): Promise<bigint> {
  const document = await engine.database
    .collection<{ _id: string; [field: string]: unknown }>(counter.collection)
    .findOne({ _id: counter.id }, { readConcern: { level: 'majority' } })
  const value = document?.[counter.field]
  return value === undefined || value === null ? 0n : BigInt(String(value))
}

/** In MongoDB alone: this runs when the fence is drained, so both stores hold the same. */
async function readHighestUsed(engine: Engine, { used }: CounterConfig): Promise<bigint> {
  if (used === undefined) return 0n
  const [highest] = await engine.database
    .collection(used.collection)
    .aggregate(
      [
        { $match: { [used.path]: { $type: ['int', 'long'] } } },
        { $sort: { [used.path]: -1 } },
        { $limit: 1 },
        { $project: { value: `$${used.path}` } },
      ],
      { readConcern: { level: 'majority' } },
    )
    .toArray()
  return BigInt(String(highest?.value ?? 0))
}

/** The last number that was given out; 0 for a sequence that has not been used. */
async function readSequence(engine: Engine, counter: CounterConfig): Promise<bigint> {
  const { rows } = await engine.pool.query(
    `select case when is_called then last_value else last_value - 1 end::text as value from ${sequenceName(counter)}`,
  )
  return BigInt(rows[0]?.value ?? '0')
}

async function raiseSequence(engine: Engine, counter: CounterConfig, value: bigint): Promise<void> {
  await engine.pool.query('select setval($1::regclass, $2::bigint, true)', [
    sequenceName(counter),
    String(value),
  ])
}

/** By the mirror's client and past the validator, which is still on; `$max` never lowers it. */
async function raiseMongoCounter(engine: Engine, counter: CounterConfig, value: bigint): Promise<void> {
  await engine.mirrorClient
    .db(engine.database.databaseName)
    .collection<{ _id: string }>(counter.collection)
    .updateOne(
      { _id: counter.id },
      { $max: { [counter.field]: value <= 2_147_483_647n ? Number(value) : Long.fromBigInt(value) } },
      { upsert: true, bypassDocumentValidation: true, writeConcern: { w: 'majority' } },
    )
}

function sequenceName(counter: CounterConfig): string {
  return counter.sequence.split('.').map(identifier).join('.')
}
