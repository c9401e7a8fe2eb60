import {
  countOrphans,
  install,
  type Mapping,
  mappingOf,
  type OpenEngine,
  openEngine,
  startNode,
  unitOf,
} from 'landbridge'
import { advance, backfill, listQuarantined, reconcile, waive } from 'landbridge/operator-api'
import mongoose from 'mongoose'
import { pino } from 'pino'
import { freshMongo } from 'test-world/mongo'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DirtRow, dirtOf } from '../../seed/legacy/dirt-table.ts'
import { fillLegacyDatabase } from '../../seed/legacy/fill.ts'
import { legacyStreams } from '../../seed/legacy/generate.ts'
import { escrowDatabase } from '../testing/escrow-database.ts'
import { configure } from './landbridge.config.ts'
import { createLegacyCollections } from './legacy-collections.ts'

/*
 * What the pure test of the table cannot see: values that lose to another document, references to nothing, and how many
 * documents wait in quarantine, after a real backfill of every unit.
 */

const options = {
  documents: 1_800,
  dirtTimes: 6,
  seed: 9,
  now: new Date(`${new Date().toISOString().slice(0, 10)}Z`),
}
const config = configure({ rehearsal: true, mongoIsStandIn: true })
const collections = config.units.flatMap(({ mappings }) => mappings.map(({ collection }) => collection))

let engine: OpenEngine
const worlds = new AsyncDisposableStack()

beforeAll(async () => {
  const [mongo, database] = await Promise.all([freshMongo(), escrowDatabase()])
  worlds.use(mongo)
  worlds.use(database)
  const connection = await mongoose.createConnection(mongo.url, { dbName: mongo.databaseName }).asPromise()
  worlds.defer(() => connection.close())
  await createLegacyCollections(connection)
  engine = await openEngine({
    config,
    postgresUrl: database.url,
    mongoUrl: mongo.url,
    databaseName: mongo.databaseName,
    nodeName: 'test',
    log: pino({ level: 'silent' }),
  })
  worlds.defer(() => engine.close())
  await fillLegacyDatabase(engine.database, { ...options, collections })
  await install(engine)
  const node = await startNode(engine, { duties: { capture: true, relay: false, reconcile: false } })
  worlds.defer(() => node.stop())
  await Promise.all(config.units.map(({ name }) => copy(name)))
}, 120_000)

async function copy(unit: string): Promise<void> {
  await waive(engine, { unit, gates: [1, 2], actor: 'test', reason: 'the copy alone is looked at' })
  await advance(engine, { unit, actor: 'test', to: 'mirror' })
  const report = await backfill(engine, { unit, actor: 'test' })
  expect([unit, report.complete]).toEqual([unit, true])
  await mirrorGaps(unit)
}

/** A document that clashes in its chunk is a gap first, and gaps decide with the other document in hand. */
async function mirrorGaps(unit: string): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    if ((await reconcile(engine, { unit })).left === 0) return
  }
  throw new Error(`${unit} keeps open gaps`)
}

afterAll(() => worlds.disposeAsync())

/** How many documents of each collection have such a kind, by a name that the row gives. */
function predicted(nameOf: (row: DirtRow) => readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { collection, documents } of legacyStreams({ ...options, collections })) {
    const names = new Map(dirtOf(collection).map((row) => [row.kind, nameOf(row)]))
    for (const { kinds } of documents())
      for (const kind of kinds)
        for (const name of names.get(kind) ?? []) count(counts, `${collection} ${name}`)
  }
  return counts
}

function count(counts: Record<string, number>, name: string, by = 1): void {
  if (by > 0) counts[name] = (counts[name] ?? 0) + by
}

test('as many documents wait in quarantine as the table says, and no others', async () => {
  const found: Record<string, number> = {}
  for (const { collection } of await listQuarantined(engine, { limit: 100_000 }))
    count(found, `${collection} waits`)
  expect(Object.keys(found).length).toBeGreaterThan(0)
  expect(found).toEqual(predicted(({ outcome }) => (outcome === 'quarantine' ? ['waits'] : [])))
})

test('the later of two documents loses a unique value, and no other does', async () => {
  const wrong: unknown[] = []
  let lost = 0
  for (const { collection, documents } of legacyStreams({ ...options, collections })) {
    const mapping = mappingOf(engine, collection)
    if (mapping === undefined) throw new Error(`${collection} has no mapping`)
    const rows = new Map(dirtOf(collection).map((row) => [row.kind, row]))
    const losers = await losersOf(mapping)
    for (const { document, kinds } of documents()) {
      const expected = kinds.flatMap((kind) => {
        const row = rows.get(kind)
        return row?.by === 'unique' ? row.paths.map(withinElement) : []
      })
      const happened = losers.get(String(document._id)) ?? []
      lost += happened.length
      if (JSON.stringify(expected.sort()) !== JSON.stringify(happened.sort()))
        wrong.push({ collection, id: String(document._id), kinds, expected, happened })
    }
  }
  expect(wrong).toEqual([])
  expect(lost).toBeGreaterThan(0)
})

/** By document: the paths that another document's value pushed to `extra`, of elements as the row has them. */
async function losersOf(mapping: Mapping): Promise<Map<string, string[]>> {
  const losers = new Map<string, string[]>()
  for (const { name, extra, parent } of mapping.tables) {
    if (extra === undefined) continue
    const { rows } = await engine.pool.query(
      `select e.legacy_object_id as id, kept.path
       from "${name}" t join "${mapping.table.name}" e on e.id = t."${parent?.column ?? 'id'}",
         jsonb_each(t."${extra}") kept (path, value)
       where jsonb_typeof(kept.value) = 'object' and kept.value ->> 'reason' = 'unique'`,
    )
    for (const { id, path } of rows) {
      losers.set(id, [...(losers.get(id) ?? []), parent === undefined ? path : `*.${path}`])
    }
  }
  return losers
}

const withinElement = (path: string) => path.replace(/^.*\.\d+\./, '*.')

/** The engine names the elements of a list by their table alone. */
const listOf: Record<string, string> = { purchase_request_preferred_sellers: 'preferredSellerIds' }

test('as many references point to nothing as the table says, each kept by its policy', async () => {
  const found: Record<string, number> = {}
  for (const { name } of config.units)
    for (const orphans of await countOrphans(engine, unitOf(engine, name)))
      count(found, `${orphans.collection} ${orphans.path || listOf[orphans.table]}`, orphans.rows)
  expect(found).toEqual(predicted(({ orphan }) => orphan ?? []))
})
