import type { PoolClient } from 'pg'
import { copyTogether } from '../../target/copy-together.ts'
import { insertEntities, readEntities } from '../../target/entities.ts'
import { identifier, tableName } from '../../target/identifier.ts'
import { canonicalText } from '../canonical-form.ts'
import { compareRows } from '../compare-rows.ts'
import { compileCopyEncoder } from '../compile/copy-encoder.ts'
import type { ColumnShape, Mapping } from '../types.ts'
import type { FuzzFailure, Travelling } from './fuzz.ts'

/**
 * Sends mapped documents through a real server and back: half of them by COPY, half by INSERT, into temporary tables
 * with the mapping's columns and NOT NULLs. Answers those that came back otherwise. One client, one mapping.
 */
export async function postgresTrip(
  client: PoolClient,
  mapping: Mapping,
): Promise<(mapped: readonly Travelling[]) => Promise<FuzzFailure[]>> {
  for (const { name, columns } of mapping.tables) {
    const list = columns.map(
      (column) => `${identifier(column.name)} ${typeOf(column)}${column.notNull ? ' not null' : ''}`,
    )
    await client.query(`drop table if exists pg_temp.${tableName({ name })}`)
    await client.query(`create temporary table ${tableName({ name })} (${list.join(', ')})`)
  }
  const encoder = compileCopyEncoder(mapping)
  return async (mapped) => {
    // Two documents of one id would be one entity.
    const distinct = [...new Map(mapped.map((each) => [each.rows.id, each])).values()]
    const half = Math.ceil(distinct.length / 2)
    for (const { rows } of distinct.slice(0, half)) encoder.encodeRows(rows)
    const payloads = encoder.finish()
    await copyTogether(
      client,
      [],
      payloads.map(({ table, columns, payload }) => ({ table: { name: table }, columns, payload })),
      [],
    )
    const inserted = distinct.slice(half).map((each) => each.rows)
    await insertEntities(client, mapping, inserted)
    const read = await readEntities(
      client,
      mapping,
      distinct.map((each) => each.rows.id),
    )
    await client.query(`truncate ${mapping.tables.map(({ name }) => tableName({ name })).join(', ')}`)
    return distinct.flatMap(({ seed, rows, wanted }) => {
      const back = read.get(rows.id)
      if (back === undefined) return [{ seed, violation: 'never came back from Postgres' }]
      const moved = compareRows(mapping, rows, back)[0]
      if (moved !== undefined)
        return [
          { seed, violation: `other rows come from Postgres: ${moved.table}.${moved.column ?? '(row)'}` },
        ]
      const [went, came] = [canonicalText(wanted), canonicalText(mapping.rebuildDocument(back))]
      return went === came ? [] : [{ seed, violation: `comes from Postgres otherwise: ${went} / ${came}` }]
    })
  }
}

/** A type that the application's migrations made is text to a binary COPY. */
function typeOf(column: ColumnShape): string {
  const isBuiltIn =
    /^(uuid|text|varchar|char|numeric|smallint|integer|bigint|boolean|timestamp|jsonb|bytea)\b/
  return isBuiltIn.test(column.sqlType) ? column.sqlType : 'text'
}
