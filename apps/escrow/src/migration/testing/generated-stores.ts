import type { Mapping } from 'landbridge/mapping'
import { expect } from 'vitest'
import { generateLegacyData } from '../../../seed/legacy/generate.ts'
import { type EntityId, parseId } from '../../platform/ids.ts'
import { postgresErrorOf } from '../../platform/postgres-error.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import type { Units } from '../../units.ts'
import { type EscrowMongo, escrowMongo } from './escrow-mongo.ts'
import { insertRows } from './insert-rows.ts'
import { asDecoded } from './rows-as-read.ts'

export interface GeneratedStores extends AsyncDisposable {
  mongo: EscrowMongo
  database: EscrowDatabase
  /** Ids that are on both stores. */
  idsOf(mapping: Mapping): EntityId[]
  /** Asks both stores, and answers what both said. */
  sameAnswer<T>(ask: (units: Units) => Promise<T>): Promise<T>
}

export interface GenerateStoresOptions {
  documents: number
  seed: number
  /** Documents of one's own beside the generated ones, by collection. */
  additional?: Record<string, Record<string, unknown>[]>
}

/** For tests: the same generated old data, with all its dirt, in MongoDB and, through the mappings, in Postgres. */
export async function generatedStores(
  mappings: readonly Mapping[],
  { documents, seed, additional = {} }: GenerateStoresOptions,
): Promise<GeneratedStores> {
  const mongo = await escrowMongo()
  const database = await escrowDatabase()
  const loaded = new Map<string, EntityId[]>()
  // The stories end today: MongoDB removes old notifications and expired sign-ups by its own clock, also during a test.
  for (const { collection, documents: generated } of generateLegacyData(documents, seed, new Date())) {
    const mapping = mappings.find((one) => one.collection === collection)
    if (mapping === undefined) continue
    const all = [...generated, ...(additional[collection] ?? [])]
    loaded.set(collection, await load(mongo, database, mapping, all))
  }
  return {
    mongo,
    database,
    idsOf: ({ collection }) => loaded.get(collection) ?? [],
    async sameAnswer(ask) {
      const expected = await ask(mongo.units)
      expect(await ask(database.units)).toEqual(expected)
      return expected
    },
    async [Symbol.asyncDispose]() {
      await mongo[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

/** What goes to quarantine counts in no answer until it is mended: it is left out on both sides. */
async function load(
  { connection }: EscrowMongo,
  database: EscrowDatabase,
  mapping: Mapping,
  documents: Record<string, unknown>[],
): Promise<EntityId[]> {
  const byId = [...documents].sort((left, right) => (String(left._id) < String(right._id) ? -1 : 1))
  const stored: Record<string, unknown>[] = []
  for (const document of byId) {
    if (await insertMapped(database, mapping, asDecoded(document))) stored.push(document)
  }
  if (stored.length > 0) await connection.collection(mapping.collection).insertMany(stored as never)
  return stored.map(({ _id }) => parseId(String(_id)))
}

/** In the order of their ids, so the lowest keeps a unique value; the paths of the others go to `extra`. */
async function insertMapped(
  { pool }: EscrowDatabase,
  mapping: Mapping,
  document: Record<string, unknown>,
): Promise<boolean> {
  const outcomes: { path: string; reason: 'unique' }[] = []
  for (;;) {
    const outcome = mapping.mapDocument(document, { outcomes })
    if (outcome.kind === 'refused') return false
    try {
      await insertRows(pool, mapping, outcome.rows)
      return true
    } catch (error) {
      const unique = mapping.uniques.find(({ name }) => name === postgresErrorOf(error)?.constraint)
      if (unique?.outcome === 'quarantine') return false
      if (unique === undefined || outcomes.length > 5) throw error
      const paths = unique.paths.map((path) => inFirstElement(document, path))
      outcomes.push(...paths.map((path) => ({ path, reason: 'unique' as const })))
    }
  }
}

/** Dirt repeats the first element of a list; the engine knows which one clashes. */
function inFirstElement(document: Record<string, unknown>, path: string): string {
  const [list = '', ...rest] = path.split('.')
  return Array.isArray(document[list]) && rest.length > 0 ? [list, 0, ...rest].join('.') : path
}
