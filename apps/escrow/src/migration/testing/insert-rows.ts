import type { Mapping } from 'landbridge/mapping'
import type pg from 'pg'

type Rows = Extract<ReturnType<Mapping['mapDocument']>, { kind: 'mapped' }>['rows']

/** Puts an entity's rows into Postgres as an applier does: foreign keys and ordinary triggers do not fire. */
export async function insertRows(pool: pg.Pool, mapping: Mapping, rows: Rows): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('set local session_replication_role = replica')
    for (const { name, columns } of mapping.tables) {
      for (const row of rows.tables[name] ?? []) {
        const values = columns.map((column) => {
          const value = row[column.name] ?? null
          return column.sqlType === 'jsonb' && value !== null ? JSON.stringify(value) : value
        })
        const names = columns.map((column) => `"${column.name}"`).join(', ')
        const places = columns.map((_, i) => `$${i + 1}`).join(', ')
        await client.query(`insert into "${name}" (${names}) values (${places})`, values)
      }
    }
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}
