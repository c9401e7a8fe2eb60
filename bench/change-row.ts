import type { PoolClient } from 'pg'
import type { ColumnShape, Mapping, TableShape } from '../packages/landbridge/src/mapping/types.ts'
import { identifier, identifierList, tableName } from '../packages/landbridge/src/target/identifier.ts'
import { entityColumn } from '../packages/landbridge/src/target/rows.ts'
import type { Choices } from './choices.ts'

/** A change behind the back of everything, and how it is undone. */
export interface RowChange {
  /** Uuid of the entity whose row it is. */
  entity: string
  what: string
  undo(tx: PoolClient): Promise<void>
}

/** One in so many changes takes a whole row away. */
const DELETE_ONE_IN = 10

/**
 * Changes one column of one row, as little as its type allows, or deletes the row. Undefined where there is no row, or
 * Postgres refuses the change.
 */
export async function changeRow(
  tx: PoolClient,
  mapping: Mapping,
  choices: Choices,
): Promise<RowChange | undefined> {
  const table = choices.one(mapping.tables)
  const { rows: counted } = await tx.query<{ n: number }>(
    `select count(*)::int as n from ${tableName(table)}`,
  )
  const n = counted[0]?.n ?? 0
  if (n === 0) return undefined
  const row = await rowAt(tx, table, choices.below(n))
  const changes = choices.below(DELETE_ONE_IN) === 0 ? deleteRow : changeColumn
  await tx.query('savepoint one_change')
  try {
    return await changes(tx, table, row, choices)
  } catch {
    // A CHECK, a unique index or NOT NULL: this change cannot happen.
    await tx.query('rollback to savepoint one_change')
    return undefined
  }
}

interface FoundRow {
  entity: string
  /** The whole row as JSON text, every digit of it. */
  json: string
  /** Finds the row again. */
  where: string
}

async function rowAt(tx: PoolClient, table: TableShape, at: number): Promise<FoundRow> {
  const key = keyOf(table)
  const columns = key.map((name, i) => `${identifier(name)}::text as key_${i}`).join(', ')
  const { rows } = await tx.query<Record<string, string>>(
    `select ${columns}, row_to_json(found)::text as json from ${tableName(table)} found
     order by ${identifierList(key)} offset $1 limit 1`,
    [at],
  )
  const row = rows[0] ?? {}
  const where = key.map((name, i) => `${identifier(name)}::text = '${row[`key_${i}`]}'`).join(' and ')
  return { entity: row.key_0 ?? '', json: row.json ?? '', where }
}

function keyOf(table: TableShape): string[] {
  return [entityColumn(table), ...table.ordinals]
}

async function deleteRow(tx: PoolClient, table: TableShape, row: FoundRow): Promise<RowChange> {
  await tx.query(`delete from ${tableName(table)} where ${row.where}`)
  return {
    entity: row.entity,
    what: `${table.name}: a row deleted`,
    undo: async (undoing) => {
      const { rows } = await undoing.query<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0
           and not attisdropped and attgenerated = ''`,
        [tableName(table)],
      )
      const names = identifierList(rows.map(({ name }) => name))
      await undoing.query(
        `insert into ${tableName(table)} (${names}) overriding system value
         select ${names} from json_populate_record(null::${tableName(table)}, $1::json)`,
        [row.json],
      )
    },
  }
}

async function changeColumn(
  tx: PoolClient,
  table: TableShape,
  row: FoundRow,
  choices: Choices,
): Promise<RowChange> {
  const key = new Set([...keyOf(table), ...table.order])
  const column = choices.one(table.columns.filter(({ name }) => !key.has(name)))
  const name = identifier(column.name)
  const { rows } = await tx.query<{ text: string | null }>(
    `select ${name}::text as text from ${tableName(table)} where ${row.where}`,
  )
  const text = rows[0]?.text ?? null
  const changed = changedText(column, text, choices)
  await tx.query(
    `update ${tableName(table)} set ${name} = $1 where ${row.where} and ${name}::text is distinct from $1`,
    [changed],
  )
  return {
    entity: row.entity,
    what: `${table.name}.${column.name}: ${text} became ${changed}`,
    undo: async (undoing) => {
      await undoing.query(`update ${tableName(table)} set ${name} = $1 where ${row.where}`, [text])
    },
  }
}

/** Another value of the type, as near to the present one as it gets. */
function changedText({ sqlType, enumValues }: ColumnShape, text: string | null, choices: Choices): string {
  if (enumValues !== undefined) return choices.one(enumValues.filter((each) => each !== text))
  if (sqlType.endsWith('[]')) return text === null || text === '{}' ? '{0}' : '{}'
  const numeric = /^numeric(?:\(\d+, ?(\d+)\))?/.exec(sqlType)
  if (numeric !== null) return nextDecimal(text ?? '0', Number(numeric[1] ?? 0))
  if (/^(smallint|integer|bigint)/.test(sqlType)) return String(BigInt(text ?? 0) + 1n)
  if (sqlType.startsWith('timestamp')) {
    return new Date((text === null ? 0 : Date.parse(text)) + 1).toISOString()
  }
  switch (sqlType) {
    case 'boolean':
      return text === 'true' ? 'false' : 'true'
    case 'uuid':
      return text === null
        ? '00000000-0000-8000-8000-0000004c4231'
        : changedAt(text, 20, '0123456789abcdef', choices)
    case 'json':
    case 'jsonb':
      return changedJson(text, choices)
    case 'bytea':
      return text === '\\x01' ? '\\x02' : '\\x01'
    default:
      return text === null || text === '' ? 'x' : changedAt(text, choices.below(text.length), 'abc', choices)
  }
}

function nextDecimal(text: string, scale: number): string {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const digits = (BigInt(whole + fraction.padEnd(scale, '0')) + 1n).toString().padStart(scale + 1, '0')
  const at = digits.length - scale
  return `${text.startsWith('-') ? '-' : ''}${digits.slice(0, at)}${scale === 0 ? '' : `.${digits.slice(at)}`}`
}

function changedAt(text: string, at: number, letters: string, choices: Choices): string {
  const letter = choices.one([...letters].filter((each) => each !== text[at]))
  return text.slice(0, at) + letter + text.slice(at + 1)
}

/** One character of a string, or one digit, becomes another; without either a member is added. */
function changedJson(text: string | null, choices: Choices): string {
  const found = [...(text ?? '').matchAll(/: (?:"[^"\\$]*[a-z0-9]|[1-9])/g)]
  if (text === null || found.length === 0) return text?.startsWith('[') === true ? '[1, 2, 3]' : '{"zz": 1}'
  const match = choices.one(found)
  const at = match.index + match[0].length - 1
  const letters = /\d/.test(text[at] ?? '') ? '123456789' : 'abc'
  return changedAt(text, at, letters, choices)
}
