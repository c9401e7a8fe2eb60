/**
 * One way to fill the tables of a collection, in a process of its own: prepares, says `ready`, and works when it is told
 * to. Started by the benchmark.
 */
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { deserialize } from 'bson'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { pendingChunkIds } from '../../packages/landbridge/src/backfill/chunk-store.ts'
import { copyChunk } from '../../packages/landbridge/src/backfill/copy-chunk.ts'
import { oneTurnAtATime } from '../../packages/landbridge/src/backfill/take-turn.ts'
import { decodeBson } from '../../packages/landbridge/src/mapping/bson.ts'
import { compileCopyEncoder } from '../../packages/landbridge/src/mapping/compile/copy-encoder.ts'
import type { Mapping } from '../../packages/landbridge/src/mapping/types.ts'
import { identifierList, tableName } from '../../packages/landbridge/src/target/identifier.ts'
import { openBenchEngine, type WayRequest } from './bench-engine.ts'
import { type BsonFile, fileSource, openBsonFile } from './bson-file.ts'
import { drizzleTables } from './rival-tables.ts'

const LOOP_ROWS = 500
const LANES = 2
/** What stands before and behind the rows of a COPY BINARY payload. */
const [HEADER_BYTES, TRAILER_BYTES] = [19, 2]

/** Prepares everything that is not to be measured; answers the work itself. */
type Prepared = () => Promise<void>

/** The engine's own way: chunks, two in flight. */
async function prepareCopy(request: WayRequest, file: BsonFile): Promise<Prepared> {
  const { engine, mapping } = await openBenchEngine(request)
  const source = fileSource(file)
  const lanes = Array.from({ length: LANES }, () => compileCopyEncoder(mapping))
  await engine.pool.query('select')
  return async () => {
    const pending = await pendingChunkIds(engine.pool, mapping.collection)
    const [first] = pending
    const mine = pending.filter((_, i) => i % request.workers === request.worker)
    const takeTurn = oneTurnAtATime()
    await Promise.all(
      lanes.map(async (encoder) => {
        for (let chunk = mine.shift(); chunk !== undefined; chunk = mine.shift()) {
          const options = { encoder, source, takeTurn, wait: true, isFirst: chunk === first }
          await copyChunk(engine, mapping, chunk, options)
        }
      }),
    )
  }
}

/**
 * The usual advice: batches of 500, insert values, on conflict do nothing. The rows are made before, so that it has
 * only to read the documents and to insert.
 */
async function prepareDrizzle(request: WayRequest, file: BsonFile): Promise<Prepared> {
  const { mapping } = await openBenchEngine(request)
  const database = drizzle(new Pool({ connectionString: request.postgresUrl, max: 1 }))
  const batches: { raws: Uint8Array[]; rows: [string, Record<string, unknown>[]][] }[] = []
  for (let from = 0; from < request.documents; from += LOOP_ROWS) {
    const raws = file.read(from, Math.min(request.documents, from + LOOP_ROWS))
    batches.push({ raws, rows: rowsOf(mapping, raws) })
  }
  await database.execute('select')
  return async () => {
    for (const { raws, rows } of batches) {
      for (const raw of raws) deserialize(raw)
      for (const [name, values] of rows) {
        const table = drizzleTables.get(name)
        if (table !== undefined && values.length > 0)
          await database
            .insert(table)
            .values(values as never)
            .onConflictDoNothing()
      }
    }
  }
}

function rowsOf(mapping: Mapping, raws: readonly Uint8Array[]): [string, Record<string, unknown>[]][] {
  const entities = raws.map((raw) => {
    const outcome = mapping.mapDocument(decodeBson(raw))
    if (outcome.kind === 'refused') throw new Error(`${outcome.path}: ${outcome.reason}`)
    return outcome.rows
  })
  return mapping.tables.map(({ name, columns }) => [
    name,
    entities.flatMap(({ tables }) =>
      (tables[name] ?? []).map((row) =>
        Object.fromEntries(columns.map((column) => [column.property, row[column.name]])),
      ),
    ),
  ])
}

/** COPY of binary files that were prepared before, table after table. */
async function prepareFloor(request: WayRequest, file: BsonFile): Promise<Prepared> {
  const { mapping } = await openBenchEngine(request)
  const client = await new Pool({ connectionString: request.postgresUrl, max: 1 }).connect()
  const paths = writePayloads(mapping, file, request)
  return async () => {
    for (const table of mapping.tables) {
      const columns = identifierList(table.columns.map(({ name }) => name))
      const copy = client.query(
        copyFrom(`copy ${tableName(table)} (${columns}) from stdin with (format binary)`),
      )
      const path = paths.get(table.name)
      if (path === undefined) continue
      const reading = createReadStream(path, { highWaterMark: 1 << 20 })
      await new Promise<void>((resolve, reject) => {
        copy.once('error', reject)
        copy.once('finish', () => resolve())
        reading.pipe(copy)
      })
    }
  }
}

function writePayloads(
  mapping: Mapping,
  file: BsonFile,
  { folder, documents }: WayRequest,
): Map<string, string> {
  const encoder = compileCopyEncoder(mapping)
  const files = new Map<string, number>()
  const paths = new Map(mapping.tables.map(({ name }) => [name, `${folder}/${name}.copy`]))
  for (const [name, path] of paths) files.set(name, openSync(path, 'w'))
  for (let from = 0; from < documents; from += 5_000) {
    for (const raw of file.read(from, Math.min(documents, from + 5_000))) {
      if (encoder.encode(raw) === 'encoded') continue
      const outcome = mapping.mapDocument(decodeBson(raw))
      if (outcome.kind === 'mapped') encoder.encodeRows(outcome.rows)
    }
    for (const { table, payload } of encoder.finish()) {
      writeSync(
        files.get(table) ?? -1,
        payload.subarray(from === 0 ? 0 : HEADER_BYTES, payload.length - TRAILER_BYTES),
      )
    }
  }
  for (const opened of files.values()) {
    writeSync(opened, Buffer.from([0xff, 0xff]))
    closeSync(opened)
  }
  return paths
}

const prepare = { copy: prepareCopy, drizzle: prepareDrizzle, floor: prepareFloor }

async function main(request: WayRequest): Promise<void> {
  const work = await prepare[request.way](request, openBsonFile(request.file))
  process.once('message', () => {
    work().then(
      () =>
        process.send?.({ done: true, rssMb: process.resourceUsage().maxRSS / 1024 }, () => process.exit(0)),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  process.send?.({ ready: true })
}

await main(JSON.parse(process.argv[2] ?? '') as WayRequest)
