import { getTableColumns, getTableName } from 'drizzle-orm'
import type { AnyPgTable } from 'drizzle-orm/pg-core'
import type { Mapping } from 'landbridge/mapping'
import { BSON } from 'mongodb'

type Document = Record<string, unknown>

/** What the mapping makes of a document, or undefined where it goes to quarantine. */
export function mappedRows(mapping: Mapping, document: Document) {
  const outcome = mapping.mapDocument(asDecoded(document))
  return outcome.kind === 'mapped' ? outcome.rows : undefined
}

/** The rows of one table as Drizzle selects them: by property, decimals with all their zeros. */
export function selected<Table extends AnyPgTable>(
  rows: NonNullable<ReturnType<typeof mappedRows>>,
  table: Table,
): Table['$inferSelect'][] {
  const columns = Object.entries(getTableColumns(table))
  const inTable = rows.tables[getTableName(table)] ?? []
  return inTable.map((row) =>
    Object.fromEntries(
      columns.map(([property, column]) => {
        const value = row[column.name] ?? null
        const scale = /^numeric\(\d+, ?(\d+)\)$/.exec(column.getSQLType())?.[1]
        return [
          property,
          typeof value === 'string' && scale !== undefined ? padded(value, Number(scale)) : value,
        ]
      }),
    ),
  )
}

/** The document as the driver hands it to a repository. */
export function asDriverReads<T>(document: Document): T {
  return BSON.deserialize(BSON.serialize(document, { ignoreUndefined: false })) as T
}

/** The document as the engine decodes it: nothing promoted. */
export function asDecoded(document: Document): Document {
  return BSON.deserialize(BSON.serialize(document, { ignoreUndefined: false }), {
    promoteValues: false,
    promoteBuffers: false,
    bsonRegExp: true,
  })
}

function padded(decimal: string, scale: number): string {
  if (scale === 0) return decimal
  const [whole = '', fraction = ''] = decimal.split('.')
  return `${whole}.${fraction.padEnd(scale, '0')}`
}
