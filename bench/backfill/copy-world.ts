import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Document } from 'bson'
import { Client } from 'pg'
import { legacyStreams } from '../../apps/escrow/seed/legacy/generate.ts'
import { migrateDatabase } from '../../apps/escrow/src/platform/migrate.ts'
import { acquirePostgres } from '../../apps/escrow/src/platform/postgres-server.ts'
import { storePosition } from '../../packages/landbridge/src/capture/position.ts'
import { install } from '../../packages/landbridge/src/install.ts'
import type { Mapping } from '../../packages/landbridge/src/mapping/types.ts'
import type { OpenEngine } from '../../packages/landbridge/src/open-engine.ts'
import { identifier, tableName } from '../../packages/landbridge/src/target/identifier.ts'
import { inTransaction } from '../../packages/landbridge/src/target/transaction.ts'
import { openBenchEngine } from './bench-engine.ts'
import { writeBsonFile } from './bson-file.ts'

const SEED = 5

/** The application's tables in a Postgres that keeps what it is told, and documents in files. */
export interface CopyWorld extends AsyncDisposable {
  postgresUrl: string
  folder: string
  engine: OpenEngine
  mapping: Mapping
  file: string
  documents: number
  /** Empties the tables and forgets what was copied. */
  reset(): Promise<void>
  /** What the tables hold, up to an entity: equal for equal rows. */
  fingerprint(upTo?: string): Promise<string>
}

/** `DATABASE_URL` or an embedded Postgres with fsync on; a database, and documents of one collection, of its own. */
export async function copyWorld(
  collection: string,
  documents: number,
  change: (document: Document, index: number) => Document = (document) => document,
): Promise<CopyWorld> {
  const server = await acquirePostgres({ name: 'bench-backfill', fresh: true })
  const folder = mkdtempSync(join(tmpdir(), 'bench-backfill-'))
  const name = `bench_backfill_${process.pid}`
  await onServer(server.url, `create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  const postgresUrl = url.toString()
  const file = join(folder, `${collection}.bson`)
  const count = writeBsonFile(file, generated(collection, documents, change))
  const { engine, mapping } = await openBenchEngine({ postgresUrl, collection })
  await migrateDatabase(engine.pool)
  await install(engine, { mongo: false })
  await engine.pool.query("update landbridge.unit set phase = 'mirror', epoch = epoch + 1")
  await inTransaction(engine.pool, {}, (tx) => storePosition(tx, { clusterTime: 1n, token: { _data: '82' } }))
  await looseFromOthers(engine, mapping)
  return {
    postgresUrl,
    folder,
    engine,
    mapping,
    file,
    documents: count,
    reset: () => reset(engine, mapping),
    fingerprint: (upTo) => fingerprint(engine, mapping, upTo),
    [Symbol.asyncDispose]: async () => {
      await engine.close()
      await onServer(server.url, `drop database ${name} with (force)`)
      rmSync(folder, { recursive: true, force: true })
      await server.stop()
    },
  }
}

/** Clean documents: the loop of the usual advice would lose what clashes. */
function* generated(
  collection: string,
  documents: number,
  change: (document: Document, index: number) => Document,
): Generator<Document> {
  // More stories than are needed are never told, because documents come as a stream.
  const [stream] = legacyStreams({
    documents: documents * 30,
    seed: SEED,
    dirtTimes: 0,
    collections: [collection],
  })
  let made = 0
  for (const { document } of stream?.documents() ?? []) {
    yield change(document, made)
    if (++made === documents) return
  }
  throw new Error(`Only ${made} documents are generated for ${collection}`)
}

/**
 * Triggers are off for every way alike (they would refuse rivals in this phase), and so are foreign keys of other,
 * empty tables, which cost an insert nothing but would keep the tables from being emptied. The tables' own foreign keys
 * and all indexes are in place.
 */
async function looseFromOthers({ pool }: OpenEngine, mapping: Mapping): Promise<void> {
  const tables = mapping.tables.map(tableName)
  for (const table of tables) await pool.query(`alter table ${table} disable trigger user`)
  const { rows } = await pool.query<{ drop: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop from pg_constraint
     where contype = 'f' and confrelid = any($1::regclass[]) and not conrelid = any($1::regclass[])`,
    [tables],
  )
  for (const { drop } of rows) await pool.query(drop)
}

/** Gives every reference out of the collection's tables something to point to. */
export async function fillReferenced({ engine, mapping }: CopyWorld): Promise<void> {
  const tables = mapping.tables.map(tableName)
  const { rows } = await engine.pool.query<{ from: string; column: string; to: string; key: string }>(
    `select c.conrelid::regclass::text as from, a.attname as column, c.confrelid::regclass::text as to, b.attname as key
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       join pg_attribute b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
     where c.contype = 'f' and c.conrelid = any($1::regclass[]) and not c.confrelid = any($1::regclass[])`,
    [tables],
  )
  await inTransaction(engine.pool, { applier: true }, async (tx) => {
    for (const { from, column, to, key } of rows) {
      const [name, id] = [identifier(column), identifier(key)]
      await tx.query(
        `insert into ${to} (${id}) select distinct ${name} from ${from} where ${name} is not null
         on conflict do nothing`,
      )
    }
  })
  await engine.pool.query('analyze')
}

const states = [
  'chunk',
  'backfill_expected',
  'taken_index',
  'quarantine',
  'pg_dualwrite_gaps',
  'unique_loser',
]

async function reset({ pool }: OpenEngine, mapping: Mapping): Promise<void> {
  await pool.query(`truncate ${mapping.tables.map(tableName).join(', ')}`)
  for (const state of states)
    await pool.query(`delete from landbridge.${state} where collection = $1`, [mapping.collection])
  await pool.query('checkpoint')
}

async function fingerprint({ pool }: OpenEngine, mapping: Mapping, upTo?: string): Promise<string> {
  const parts: string[] = []
  for (const table of mapping.tables) {
    const column = identifier(table.parent?.column ?? 'id')
    const { rows } = await pool.query<{ part: string }>(
      `select count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as part
       from ${tableName(table)} t where $1::uuid is null or ${column} <= $1`,
      [upTo ?? null],
    )
    parts.push(`${table.name} ${rows[0]?.part}`)
  }
  const { rows } = await pool.query<{ part: string }>(
    `select count(*) as part from pg_index where indrelid = any($1::regclass[]) and indisvalid`,
    [mapping.tables.map(tableName)],
  )
  return [...parts, `indexes ${rows[0]?.part}`].join('\n')
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}
