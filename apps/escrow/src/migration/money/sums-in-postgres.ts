import { type SQL, sql } from 'drizzle-orm'
import type { Engine } from 'landbridge'
import { databaseOf } from '../../platform/database.ts'
import { keptText } from '../../platform/extra.ts'
import { type Amount, readAmount, timesAmount, zeroAmount } from '../../platform/money.ts'
import type { BookField, MoneyBook } from './money-books.ts'
import { addLine, type MoneyLines } from './money-line.ts'

/**
 * The sums of a book in Postgres. What a row keeps because it fits no column (a former status, a correction below
 * zero) is money all the same, so it counts as it does in MongoDB.
 */
export async function sumsInPostgres({ pool }: Pick<Engine, 'pool'>, book: MoneyBook): Promise<MoneyLines> {
  const names = Object.keys(book.words)
  const keptDay = sql`${book.extra} -> ${book.day.path}`
  const selected: Record<string, SQL> = {
    day: sql`to_char(${book.day.column} at time zone 'UTC', 'YYYY-MM-DD')`,
    kept_day: sql`case when ${book.day.column} is null then ${keptDay} end`,
    currency: sql`${book.currency.column}`,
    kept_currency: kept(book, book.currency),
    // Equal amounts are counted together only where they stand aside; those in the column are added by the server.
    kept_amount: kept(book, book.amount),
    ...Object.fromEntries(
      Object.entries(book.words).flatMap(([name, field]) => [
        [`word_${name}`, sql`${field.column}`],
        [`kept_${name}`, kept(book, field)],
      ]),
    ),
  }
  const fields = Object.entries(selected)
  const columns = sql.join(
    fields.map(([name, expression]) => sql`${expression} as ${sql.identifier(name)}`),
    sql`, `,
  )
  const { rows } = await databaseOf(pool).execute<Record<string, unknown>>(
    sql`select ${columns}, count(*)::int as count, coalesce(sum(${book.amount.column}), 0)::text as amount
        from ${book.table} group by ${sql.join(
          fields.map((_, index) => sql.raw(String(index + 1))),
          sql`, `,
        )}`,
  )
  const lines: MoneyLines = new Map()
  for (const row of rows) {
    const count = Number(row.count)
    addLine(lines, {
      collection: book.collection,
      day: textOr(row.day, null),
      words: Object.fromEntries(names.map((name) => [name, shown(row[`word_${name}`], row[`kept_${name}`])])),
      currency: shown(row.currency, row.kept_currency),
      count,
      amount: row.kept_amount === null ? sumOf(row.amount) : keptSum(row.kept_amount, count),
    })
  }
  return lines
}

/** What a row keeps in the place of this column, where the column is empty. */
function kept(book: MoneyBook, { path, column }: BookField): SQL {
  return sql`case when ${column} is null then ${book.extra} -> ${path} end`
}

function shown(column: unknown, keptInstead: unknown): string | null {
  return textOr(column, keptText({ value: keptInstead }, 'value'))
}

function textOr(value: unknown, otherwise: string | null): string | null {
  return typeof value === 'string' ? value : otherwise
}

function sumOf(sum: unknown): Amount {
  return readAmount(String(sum)) ?? zeroAmount
}

function keptSum(value: unknown, count: number): Amount {
  const amount = readAmount(keptText({ value }, 'value') ?? '')
  return amount === null ? zeroAmount : timesAmount(amount, count)
}
