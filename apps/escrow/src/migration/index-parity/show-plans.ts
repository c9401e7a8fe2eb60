import type pg from 'pg'
import { plansOf } from '../../testing/explained.ts'
import { allCounterparts, type PostgresIndex, postgresIndexes } from './check-parity.ts'
import { questions } from './questions.ts'

/** What the planner does with a question that an index is there for. */
export interface ShownPlan {
  index: string
  /** `repository`: its own query was explained. `column`: no repository asks so, a plain comparison was. */
  asked: 'repository' | 'column'
  /** The index itself, or another of its table that begins with the same column; null if the planner used neither. */
  usedIndex: string | null
  plan: string
}

/** Explains, for every index that answers one of the legacy indexes, a question that it must be used for. */
export async function showPlans(pool: pg.Pool, names = indexesToShow()): Promise<ShownPlan[]> {
  const all = await postgresIndexes(pool)
  const shown: ShownPlan[] = []
  for (const name of names) {
    const index = all.find((each) => each.name === name)
    if (index === undefined) throw new Error(`there is no index ${name}`)
    const question = questions[name]
    const plan =
      question === undefined ? await explainColumn(pool, index.table, name) : await plansOf(pool, question)
    shown.push({
      index: name,
      asked: question === undefined ? 'column' : 'repository',
      usedIndex: servingAlike(all, index).find((each) => new RegExp(`\\b${each}\\b`).test(plan)) ?? null,
      plan,
    })
  }
  return shown
}

/** Itself first: which of two that serve alike the planner takes is a matter of a few pages. */
function servingAlike(all: readonly PostgresIndex[], { name, table, first }: PostgresIndex): string[] {
  const alike = all.filter((each) => each.table === table && each.first === first && each.name !== name)
  return [name, ...alike.map((each) => each.name)]
}

function indexesToShow(): string[] {
  const lines = Object.values(allCounterparts()).flatMap((each) => Object.values(each))
  const answering = lines.flatMap((line) =>
    typeof line === 'string' ? [line] : 'index' in line ? [line.index] : [],
  )
  return [...new Set([...answering, ...Object.keys(questions)])].sort()
}

/** The index's own first column compared with its rarest value, under the index's own condition. */
async function explainColumn(pool: pg.Pool, table: string, index: string): Promise<string> {
  const { rows } = await pool.query<{ column: string; condition: string | null }>(
    `select pg_get_indexdef(indexrelid, 1, true) as column, pg_get_expr(indpred, indrelid, true) as condition
     from pg_index where indexrelid = $1::regclass`,
    [index],
  )
  const { column, condition } = rows[0] ?? { column: 'id', condition: null }
  const where = condition === null ? 'true' : condition
  const rarest = await pool.query<{ value: string }>(
    `select (${column})::text as value from ${table} where (${column}) is not null and ${where}
     group by ${column} order by count(*), 1 limit 1`,
  )
  const explained = await pool.query<{ 'QUERY PLAN': string }>(
    `explain select * from ${table} where ${column} = $1 and ${where}`.replace(
      '$1',
      literal(rarest.rows[0]?.value),
    ),
  )
  return explained.rows.map((row) => row['QUERY PLAN']).join('\n')
}

/** A value of our own filling; EXPLAIN takes no parameters whose type is not known. */
function literal(value: string | undefined): string {
  return `'${(value ?? '').replaceAll("'", "''")}'`
}
