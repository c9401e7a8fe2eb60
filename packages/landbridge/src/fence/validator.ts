import { deserialize, serialize } from 'bson'
import { type Document, MongoServerError } from 'mongodb'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'

/** A collection as MongoDB describes it. */
export interface CollectionOptions {
  name: string
  validator: Document | null
  validationLevel: string | null
  validationAction: string | null
  preImages: boolean
  /** True while the validator is the fence's. */
  closed: boolean
}

const fenceField = 'landbridge_fence'

/** Matches no document, because every document has an `_id`; its other condition tells whose it is. */
function fenceValidator(unit: string): Document {
  return { _id: { $exists: false }, [fenceField]: unit }
}

/** The unit's collections that exist; in phase `retired` they have other names. */
export async function readCollections(engine: Engine, unit: UnitConfig): Promise<CollectionOptions[]> {
  const names = unit.mappings.map((mapping) => mapping.collection)
  const found = await engine.database.listCollections({ name: { $in: names } }).toArray()
  return found.map((collection) => {
    const options: Document = 'options' in collection ? (collection.options ?? {}) : {}
    const validator: Document | null = options.validator ?? null
    return {
      name: collection.name,
      validator,
      validationLevel: options.validationLevel ?? null,
      validationAction: options.validationAction ?? null,
      preImages: options.changeStreamPreAndPostImages?.enabled === true,
      closed: validator !== null && fenceField in validator,
    }
  })
}

/** Collections come into being with their first document; a fence needs them to be there before. */
export async function ensureCollections(engine: Engine, unit: UnitConfig): Promise<void> {
  const there = new Set((await readCollections(engine, unit)).map((collection) => collection.name))
  for (const { collection } of unit.mappings) {
    if (there.has(collection)) continue
    await engine.database.createCollection(collection).catch((error: unknown) => {
      if (!(error instanceof MongoServerError && error.codeName === 'NamespaceExists')) throw error
    })
  }
}

/**
 * Remembers what the collections have before the fence changes it. Must be committed before anything is changed, and
 * called before pre-images are switched on: whether they were on is kept from the first time.
 */
export async function rememberCollections(
  engine: Engine,
  unit: UnitConfig,
  collections: readonly CollectionOptions[],
): Promise<void> {
  for (const collection of collections) {
    if (collection.closed) continue
    await engine.pool.query(
      `insert into landbridge.collection_before
         (collection, unit, validator, validation_level, validation_action, pre_images)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (collection) do update set validator = excluded.validator, saved_at = now(),
         validation_level = excluded.validation_level, validation_action = excluded.validation_action`,
      [
        collection.name,
        unit.name,
        collection.validator === null ? null : serialize(collection.validator),
        collection.validationLevel,
        collection.validationAction,
        collection.preImages,
      ],
    )
  }
}

/**
 * MongoDB refuses every insert and update of the unit from now on. In parallel: a unit of n collections has one
 * budget, and each collMod that waits for an open transaction stops that collection for everybody (A9).
 */
export async function closeCollections(
  engine: Engine,
  unit: UnitConfig,
  collections: readonly CollectionOptions[],
  maxTimeMS: number,
): Promise<void> {
  const results = await Promise.allSettled(
    collections.map((collection) =>
      engine.database.command({
        collMod: collection.name,
        validator: fenceValidator(unit.name),
        validationLevel: 'strict',
        validationAction: 'error',
        writeConcern: { w: 'majority' },
        maxTimeMS,
      }),
    ),
  )
  throwFirst(results)
}

/** True from the first change of a unit's collections until they are as they were. */
export async function remembersBefore(engine: Engine, unit: string): Promise<boolean> {
  const { rows } = await engine.pool.query(
    'select exists (select from landbridge.collection_before where unit = $1) as remembered',
    [unit],
  )
  return rows[0]?.remembered === true
}

/** Everything has been given back. */
export async function forgetBefore(engine: Engine, unit: string): Promise<void> {
  await engine.pool.query('delete from landbridge.collection_before where unit = $1', [unit])
}

/** Gives the collections back the validators that they had. */
export async function openCollections(
  engine: Engine,
  collections: readonly CollectionOptions[],
  maxTimeMS: number,
): Promise<void> {
  const before = await readRemembered(
    engine,
    collections.map((collection) => collection.name),
  )
  const results = await Promise.allSettled(
    collections.map((collection) => {
      const remembered = before.get(collection.name)
      return engine.database.command({
        collMod: collection.name,
        validator: remembered?.validator ?? {},
        validationLevel: remembered?.validationLevel ?? 'strict',
        validationAction: remembered?.validationAction ?? 'error',
        writeConcern: { w: 'majority' },
        maxTimeMS,
      })
    }),
  )
  throwFirst(results)
}

interface Remembered {
  validator: Document | null
  validationLevel: string | null
  validationAction: string | null
}

async function readRemembered(engine: Engine, names: readonly string[]): Promise<Map<string, Remembered>> {
  const { rows } = await engine.pool.query(
    `select collection, validator, validation_level, validation_action
     from landbridge.collection_before where collection = any($1)`,
    [names],
  )
  return new Map(
    rows.map((row) => [
      row.collection,
      {
        validator: row.validator === null ? null : deserialize(row.validator),
        validationLevel: row.validation_level,
        validationAction: row.validation_action,
      },
    ]),
  )
}

function throwFirst(results: PromiseSettledResult<unknown>[]): void {
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
