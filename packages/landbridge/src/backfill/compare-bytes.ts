import type { PoolClient } from 'pg'
import type { CopyPayload } from '../mapping/compile/copy-encoder.ts'
import type { Mapping, TableShape } from '../mapping/types.ts'
import { copyOut } from '../target/copy-out.ts'
import { identifierList, tableName } from '../target/identifier.ts'
import type { RowFilter } from '../target/ignored-columns.ts'
import { entityColumn } from '../target/rows.ts'
import { CopiedRows, compareEntitiesOf } from '../verify/copied-rows.ts'
import { cellRulesOf, isSameRow } from '../verify/same-row.ts'
import { inlineIds } from './range-rows.ts'

/**
 * Entities of a range whose rows are not those that were sent, to the byte. Spelling that only Postgres decides
 * (decimals shown, order of JSON keys) is seen through; where it cannot be, the entity is named too.
 */
export async function findDifferentRows(
  tx: PoolClient,
  mapping: Mapping,
  filter: RowFilter,
  payloads: readonly CopyPayload[],
): Promise<Set<string>> {
  const different = new Set<string>()
  for (const [i, table] of mapping.tables.entries()) {
    const column = entityColumn(table)
    const entityField = table.columns.findIndex(({ name }) => name === column)
    const sent = new CopiedRows(payloads[i]?.payload ?? Buffer.alloc(0), entityField)
    const held = new CopiedRows(await copyOut(tx, rowsQuery(table, filter)), entityField)
    compareTable(mapping, table, sent, held, different)
  }
  return different
}

function compareTable(
  { appendOnly }: Mapping,
  table: TableShape,
  sent: CopiedRows,
  held: CopiedRows,
  different: Set<string>,
): void {
  const rules = cellRulesOf(table)
  let [hasSent, hasHeld] = [sent.next(), held.next()]
  while (hasSent || hasHeld) {
    const order = !hasHeld ? -1 : !hasSent ? 1 : compareEntitiesOf(sent, held)
    // Entries of an append-only collection that were there before are no business of this chunk.
    if (order < 0 || (order === 0 && !isSameRow(rules, sent, held))) different.add(sent.entity())
    else if (order > 0 && !appendOnly) different.add(held.entity())
    if (order <= 0) hasSent = sent.next()
    if (order >= 0) hasHeld = held.next()
  }
}

function rowsQuery(table: TableShape, filter: RowFilter): string {
  const order = [...new Set([entityColumn(table), ...table.order])]
  return `select ${identifierList(table.columns.map(({ name }) => name))} from ${tableName(table)}
    where ${inlineIds(filter(table))} order by ${identifierList(order)}`
}
