import { decodeBson, type Mapping, readEntities } from 'landbridge'
import type { Connection, Types } from 'mongoose'
import type pg from 'pg'
import { type EntityId, publicId } from '../../platform/ids.ts'
import { objectIdOf } from '../lenient.ts'

/** For tests: carries one entity over, as an applier would, without locks and phases. */
export async function carryToPostgres(
  connection: Connection,
  pool: pg.Pool,
  mapping: Mapping,
  id: EntityId,
): Promise<void> {
  const raw = await rawDocument(connection, mapping, objectIdOf(id))
  const outcome = mapping.mapDocument(decodeBson(raw))
  if (outcome.kind === 'refused') throw new Error(`${outcome.path}: ${outcome.reason}`)
  const client = await pool.connect()
  try {
    // Foreign keys stay silent, as for every applier.
    await client.query("set session_replication_role = 'replica'")
    for (const table of mapping.tables) {
      for (const row of outcome.rows.tables[table.name] ?? []) {
        const names = Object.keys(row)
        const values = names.map((name) => {
          const isJson = table.columns.find((column) => column.name === name)?.sqlType === 'jsonb'
          return isJson && row[name] !== null ? JSON.stringify(row[name]) : row[name]
        })
        const columns = names.map((name) => pgIdentifier(name)).join(', ')
        const places = names.map((_, index) => `$${index + 1}`).join(', ')
        await client.query(`insert into ${pgIdentifier(table.name)} (${columns}) values (${places})`, values)
      }
    }
  } finally {
    client.release(true)
  }
}

/** The document that the entity's rows rebuild, written to MongoDB. */
export async function carryToMongo(
  connection: Connection,
  pool: pg.Pool,
  mapping: Mapping,
  id: EntityId,
): Promise<void> {
  const client = await pool.connect()
  try {
    const rows = (await readEntities(client, mapping, [id])).get(id)
    if (rows === undefined) throw new Error(`there is no row ${publicId(id)} in ${mapping.table.name}`)
    await connection.collection(mapping.collection).insertOne(mapping.rebuildDocument(rows))
  } finally {
    client.release()
  }
}

async function rawDocument(
  connection: Connection,
  mapping: Mapping,
  _id: Types.ObjectId,
): Promise<Uint8Array> {
  const found = await connection.collection(mapping.collection).findOne({ _id }, { raw: true })
  if (found === null) throw new Error(`there is no document ${_id.toHexString()} in ${mapping.collection}`)
  return found as unknown as Uint8Array
}

function pgIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
