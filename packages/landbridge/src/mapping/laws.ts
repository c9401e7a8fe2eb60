/*
 * The laws of a mapping, to be run by whoever declares one:
 *
 *   1  rows of a document give the document back (also as Postgres returns them), and the same rows again;
 *   3  no cell that Postgres would refuse, round or change, and nothing lost silently.
 *
 * Law 2, that no path of the Mongoose schema is forgotten, is `checkCompleteness`.
 */
import { canonicalEquals, canonicalText, differences } from './canonical-form.ts'
import { cellTrouble } from './cell-trouble.ts'
import { comparable } from './comparable.ts'
import { compareRows } from './compare-rows.ts'
import type { Document, EntityRows, MapOptions, Mapping, PgValue, Row } from './types.ts'

export interface LawViolation {
  law: 1 | 3
  message: string
  document: string
}

/** Every violation that these documents show; none for a lawful mapping. Refused documents are lawful. */
export function checkLaws(mapping: Mapping, documents: Iterable<Document>): LawViolation[] {
  const violations: LawViolation[] = []
  for (const document of documents) {
    // Collections with an id_map get their uuid from there; any will do here.
    const options = mapping.identity === 'id-map' ? { id: '00000000-0000-8000-8000-000000000001' } : {}
    const outcome = mapping.mapDocument(document, options)
    if (outcome.kind === 'refused') continue
    const readings = [outcome.rows, rowsAsRead(mapping, outcome.rows)]
    violations.push(...checkRoundTrip(mapping, document, outcome.rows, readings, options))
  }
  return violations
}

/** Every violation that the rows of a document show, also as they are read back. */
export function checkRoundTrip(
  mapping: Mapping,
  document: Document,
  rows: EntityRows,
  readings: readonly EntityRows[],
  options: MapOptions,
): LawViolation[] {
  const violations: LawViolation[] = []
  const report = (law: 1 | 3, message: string) =>
    violations.push({ law, message, document: canonicalText(document) })
  checkCells(mapping, rows, report)
  const wanted = comparable(mapping, document)
  for (const some of readings) {
    const rebuilt = mapping.rebuildDocument(some)
    if (!canonicalEquals(wanted, rebuilt)) report(1, `comes back otherwise: ${explain(wanted, rebuilt)}`)
    const again = mapping.mapDocument(rebuilt, options)
    if (again.kind === 'refused') report(1, `cannot be mapped again: ${again.path}: ${again.reason}`)
    else {
      for (const { table, index, column } of compareRows(mapping, rows, again.rows)) {
        report(1, `gives other rows the second time: ${table}[${index}].${column ?? '(row)'}`)
      }
    }
  }
  return violations
}

/** The rows as a server returns them: decimals padded to the column's scale, keys of jsonb in its own order. */
export function rowsAsRead(mapping: Mapping, rows: EntityRows): EntityRows {
  const tables: Record<string, Row[]> = {}
  for (const shape of mapping.tables) {
    tables[shape.name] = (rows.tables[shape.name] ?? []).map((row) => {
      const read: Row = {}
      for (const { name, sqlType } of shape.columns) read[name] = cellAsRead(sqlType, row[name] ?? null)
      return read
    })
  }
  return { id: rows.id, tables }
}

function cellAsRead(sqlType: string, value: PgValue): PgValue {
  if (value === null) return null
  const scale = /^numeric\(\d+,\s*(\d+)\)$/.exec(sqlType)?.[1]
  if (scale !== undefined && scale !== '0') {
    const [whole = '', fraction = ''] = String(value).split('.')
    return `${whole}.${fraction.padEnd(Number(scale), '0')}`
  }
  return sqlType === 'jsonb' ? (JSON.parse(JSON.stringify(value, byLengthThenName)) as PgValue) : value
}

function byLengthThenName(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)))
}

function checkCells(mapping: Mapping, rows: EntityRows, report: (law: 3, message: string) => void): void {
  for (const shape of mapping.tables) {
    for (const row of rows.tables[shape.name] ?? []) {
      for (const column of shape.columns) {
        const trouble = cellTrouble(column, row[column.name] ?? null)
        if (trouble !== undefined) report(3, `${shape.name}.${column.name}: ${trouble}`)
      }
    }
  }
}

function explain(wanted: Document, rebuilt: Document): string {
  return differences(wanted, rebuilt)
    .map(
      ({ path, kind, left, right }) => `${path} ${kind} (${canonicalText(left)} / ${canonicalText(right)})`,
    )
    .join('; ')
}
