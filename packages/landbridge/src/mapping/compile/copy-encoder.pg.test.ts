import fc from 'fast-check'
import type { Pool } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { freshDatabase } from 'test-world/postgres'
import { describe, expect, it } from 'vitest'
import { arbitraryDocument } from '../arbitrary-document.ts'
import { canonicalEquals } from '../canonical-form.ts'
import { comparable } from '../comparable.ts'
import { compareRows } from '../compare-rows.ts'
import { orderMapping } from '../test-mappings.ts'
import type { EntityRows, Mapping, Row } from '../types.ts'
import { type CopyPayload, compileCopyEncoder } from './copy-encoder.ts'

describe('COPY of encoded rows', () => {
  it('puts into a real server exactly what was mapped', async () => {
    await using database = await freshDatabase()
    await createTables(database.pool, orderMapping)
    const encoder = compileCopyEncoder(orderMapping)
    const samples = fc.sample(arbitraryDocument(orderMapping), 300)
    const documents = new Map<string, { document: Record<string, unknown>; rows: EntityRows }>()
    for (const document of samples) {
      const outcome = orderMapping.mapDocument(document)
      if (outcome.kind !== 'mapped' || documents.has(outcome.rows.id)) continue
      documents.set(outcome.rows.id, { document, rows: outcome.rows })
      encoder.encodeRows(outcome.rows)
    }
    expect(documents.size).toBeGreaterThan(50)
    for (const payload of encoder.finish()) await copy(database.pool, payload)
    for (const [id, { document, rows }] of documents) {
      const read = await readEntity(database.pool, orderMapping, id)
      expect(compareRows(orderMapping, rows, read)).toEqual([])
      const rebuilt = orderMapping.rebuildDocument(read)
      expect(canonicalEquals(rebuilt, comparable(orderMapping, document))).toBe(true)
    }
  })
})

async function createTables(pool: Pool, mapping: Mapping): Promise<void> {
  await pool.query("create type order_state as enum ('open', 'paid', 'closed')")
  for (const { name, columns } of mapping.tables) {
    const list = columns.map(
      (column) => `"${column.name}" ${column.sqlType}${column.notNull ? ' not null' : ''}`,
    )
    await pool.query(`create table "${name}" (${list.join(', ')})`)
  }
}

async function copy(pool: Pool, { table, columns, payload, rows }: CopyPayload): Promise<void> {
  const client = await pool.connect()
  try {
    const names = columns.map((name) => `"${name}"`).join(', ')
    const stream = client.query(copyFrom(`copy "${table}" (${names}) from stdin with (format binary)`))
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject)
      stream.once('finish', () => resolve())
      stream.end(payload)
    })
    expect(stream.rowCount).toBe(rows)
  } finally {
    client.release()
  }
}

async function readEntity(pool: Pool, mapping: Mapping, id: string): Promise<EntityRows> {
  const tables: Record<string, Row[]> = {}
  for (const { name, columns, parent, ordinals } of mapping.tables) {
    const list = columns.map((column) => `"${column.name}"`).join(', ')
    const order =
      ordinals.length === 0 ? '' : ` order by ${ordinals.map((ordinal) => `"${ordinal}"`).join(', ')}`
    const { rows } = await pool.query<Row>(
      `select ${list} from "${name}" where "${parent?.column ?? 'id'}" = $1${order}`,
      [id],
    )
    tables[name] = rows
  }
  return { id, tables }
}
