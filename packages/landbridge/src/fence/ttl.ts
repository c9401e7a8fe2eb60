import { MongoServerError } from 'mongodb'
import { z } from 'zod'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'

/** The largest value that MongoDB takes: 68 years. */
const never = 2_147_483_647

const savedSchema = z.array(z.object({ name: z.string(), expireAfterSeconds: z.number() }))

interface TtlIndex {
  collection: string
  name: string
  expireAfterSeconds: number
}

/** TTL indexes of the unit that still delete. */
export async function readTtlIndexes(engine: Engine, unit: UnitConfig): Promise<TtlIndex[]> {
  const lists = await Promise.all(
    unit.mappings.map(async ({ collection }) => {
      const indexes = await engine.database
        .collection(collection)
        .listIndexes()
        .toArray()
        .catch((error: unknown) => {
          if (error instanceof MongoServerError && error.codeName === 'NamespaceNotFound') return []
          throw error
        })
      return indexes
        .filter((index) => typeof index.expireAfterSeconds === 'number' && index.expireAfterSeconds !== never)
        .map((index) => ({ collection, name: index.name, expireAfterSeconds: index.expireAfterSeconds }))
    }),
  )
  return lists.flat()
}

/**
 * Stops MongoDB's own deleting while Postgres is the authority: its monitor would delete what Postgres still has, the
 * mirror would bring it back, a minute later again (A13). What the indexes were is remembered first.
 */
export async function stopTtl(
  engine: Engine,
  unit: UnitConfig,
  indexes: readonly TtlIndex[],
  maxTimeMS: number,
): Promise<void> {
  for (const collection of new Set(indexes.map((index) => index.collection))) {
    const saved = indexes
      .filter((index) => index.collection === collection)
      .map(({ name, expireAfterSeconds }) => ({ name, expireAfterSeconds }))
    await engine.pool.query(
      `insert into landbridge.collection_before (collection, unit, ttl_indexes) values ($1, $2, $3)
       on conflict (collection) do update set ttl_indexes = excluded.ttl_indexes`,
      [collection, unit.name, JSON.stringify(saved)],
    )
  }
  await Promise.all(
    indexes.map((index) => setTtl(engine, { ...index, expireAfterSeconds: never }, maxTimeMS)),
  )
}

/** Lets MongoDB delete by lifetime again, as it did before. */
export async function restoreTtl(engine: Engine, unit: UnitConfig, maxTimeMS: number): Promise<void> {
  const { rows } = await engine.pool.query(
    `select collection, ttl_indexes as "ttlIndexes" from landbridge.collection_before
     where unit = $1 and ttl_indexes <> '[]'`,
    [unit.name],
  )
  for (const { collection, ttlIndexes } of rows) {
    for (const saved of savedSchema.parse(ttlIndexes))
      await setTtl(engine, { collection, ...saved }, maxTimeMS)
    await engine.pool.query(
      `update landbridge.collection_before set ttl_indexes = '[]' where collection = $1`,
      [collection],
    )
  }
}

async function setTtl(engine: Engine, index: TtlIndex, maxTimeMS: number): Promise<void> {
  await engine.database.command({
    collMod: index.collection,
    index: { name: index.name, expireAfterSeconds: index.expireAfterSeconds },
    writeConcern: { w: 'majority' },
    maxTimeMS,
  })
}
