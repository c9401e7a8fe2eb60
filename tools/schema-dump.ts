/**
 * Writes the schemas that the migrations make to the files beside them, read from a real Postgres.
 *
 *   npm run db:dump
 */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import pg from 'pg'
import { acquirePostgres } from '../apps/escrow/src/platform/postgres-server.ts'
import { absolute, dumpedSchemas, dumpSchema } from './schema-dump/dumped-schemas.ts'

const server = await acquirePostgres({ name: `dump-${process.pid}`, fresh: true, throwaway: true })
console.error(server.reason)
try {
  for (const dumped of dumpedSchemas()) {
    const text = await inEmptyDatabase(server.url, (pool) => dumpSchema(pool, dumped))
    writeFileSync(absolute(dumped.file), text)
    console.error(`wrote ${dumped.file}`)
  }
} finally {
  await server.stop()
}

async function inEmptyDatabase<T>(serverUrl: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const name = `schema_dump_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  try {
    await admin.query(`create database ${name}`)
    const url = new URL(serverUrl)
    url.pathname = `/${name}`
    const pool = new pg.Pool({ connectionString: url.toString(), max: 2 })
    // A connection that is closing may still hear that its database is dropped.
    pool.on('error', () => undefined)
    try {
      return await work(pool)
    } finally {
      await pool.end()
      await admin.query(`drop database ${name} with (force)`)
    }
  } finally {
    await admin.end()
  }
}
