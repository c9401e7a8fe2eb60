import type { ClientBase } from 'pg'
import { z } from 'zod'
import type { EntityRows, Row, TableShape } from '../mapping/types.ts'
import { identifier, tableName } from '../target/identifier.ts'
import { entityColumn } from '../target/rows.ts'
import type { UniqueIndex } from './unique-indexes.ts'

/** A row that wants a unique value: its entity and its place within it. */
export interface Claim {
  entity: string
  ordinals: number[]
}

export interface UniqueClashes {
  /** Entities whose present rows hold a value that a candidate wants. */
  holders: { entity: string; wantedBy: string }[]
  /** Candidates that want the same value, two or more in each group. */
  groups: Claim[][]
}

const holderSchema = z.object({ entity: z.string(), wantedBy: z.string() })
const groupSchema = z.object({
  claims: z.array(z.object({ entity: z.string(), ordinals: z.array(z.number()) })),
})

/**
 * Who stands in whose way at one unique index. Keys are computed by Postgres from the candidates' rows with the
 * index's own expressions, so that expression and partial indexes are judged as they are. Rows of the entities in
 * `exceptHolders` do not count as holders: they are about to be replaced.
 */
export async function findClashes(
  client: ClientBase,
  index: UniqueIndex,
  candidates: readonly EntityRows[],
  exceptHolders: readonly string[],
): Promise<UniqueClashes> {
  const rows = candidates.flatMap((entity) => entity.tables[index.table.name] ?? [])
  if (rows.length === 0) return { holders: [], groups: [] }
  const json = JSON.stringify(rows.map(rowToJson))
  const holders = await client.query(holdersStatement(index), [json, exceptHolders])
  const groups = await client.query(groupsStatement(index), [json])
  return {
    holders: holders.rows.map((row) => holderSchema.parse(row)),
    groups: groups.rows.map((row) => groupSchema.parse(row).claims),
  }
}

/** As jsonb_populate_recordset reads it. */
function rowToJson(row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value,
    ]),
  )
}

function keyed(index: UniqueIndex, source: string): string {
  const { table, keys, condition } = index
  const places = placesOf(table)
  const ordinals = places.length === 0 ? "'{}'::int[]" : `array[${places.join(', ')}]`
  const columns = keys.map((key, i) => `(${key}) as k${i}`)
  const where = condition === null ? '' : ` where ${condition}`
  return `select ${identifier(entityColumn(table))} as entity, ${ordinals} as ordinals, ${columns.join(', ')}
    from ${source}${where}`
}

/**
 * Where a row stands in its arrays. A growing child's order is numbered from 1 where documents are mapped; inside of
 * it rows name the element's id, which is no place: what clashes there has no path and goes to quarantine.
 */
function placesOf(table: TableShape): string[] {
  if (table.seq !== undefined) return [`(${identifier(table.seq)} - 1)::int`]
  return table.element === undefined ? table.ordinals.map(identifier) : []
}

function candidateRows(index: UniqueIndex): string {
  return keyed(index, `jsonb_populate_recordset(null::${tableName(index.table)}, $1::jsonb)`)
}

/** Whether two keyed rows stand in each other's way. */
function match(index: UniqueIndex, left: string, right: string): string {
  const equal = index.nullsEqual ? 'is not distinct from' : '='
  const operator = (i: number) => index.operators?.[i] ?? equal
  return index.keys.map((_, i) => `${left}.k${i} ${operator(i)} ${right}.k${i}`).join(' and ')
}

function holdersStatement(index: UniqueIndex): string {
  return `select distinct held.entity, wanted.entity as "wantedBy"
    from (${candidateRows(index)}) wanted join (${keyed(index, tableName(index.table))}) held on ${match(index, 'held', 'wanted')}
    where held.entity <> all($2::uuid[])`
}

function groupsStatement(index: UniqueIndex): string {
  if (index.operators !== null) return firstGroupStatement(index)
  const keys = index.keys.map((_, i) => `k${i}`)
  const present = index.nullsEqual ? 'true' : keys.map((key) => `${key} is not null`).join(' and ')
  return `select json_agg(json_build_object('entity', entity, 'ordinals', ordinals)) as claims
    from (${candidateRows(index)}) wanted where ${present} group by ${keys.join(', ')} having count(*) > 1`
}

/**
 * Being in the way is not passed on (two ranges may overlap a third and not each other), so there are no groups to
 * divide an exclusion's rows into: the lowest row that is in somebody's way, with all whom it is in the way of. Whoever
 * settles these asks again.
 */
function firstGroupStatement(index: UniqueIndex): string {
  return `with wanted as (${candidateRows(index)}), pair as (
      select low.entity as low_entity, low.ordinals as low_ordinals, high.entity, high.ordinals
      from wanted low join wanted high
        on (high.entity, high.ordinals) > (low.entity, low.ordinals) and ${match(index, 'high', 'low')}
    ), first as (select low_entity, low_ordinals from pair order by low_entity, low_ordinals limit 1)
    select jsonb_build_array(jsonb_build_object('entity', low_entity, 'ordinals', low_ordinals))
      || jsonb_agg(jsonb_build_object('entity', entity, 'ordinals', ordinals)) as claims
    from pair join first using (low_entity, low_ordinals) group by low_entity, low_ordinals`
}
