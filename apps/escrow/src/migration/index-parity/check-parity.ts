import type pg from 'pg'
import { mongoRepositories } from '../mongo-repositories.ts'
import { type Counterpart, counterparts, effectCounterparts } from './counterparts.ts'
import { type LegacyIndex, legacyIndexes } from './legacy-indexes.ts'

/** One index of Postgres, as its catalog tells it. */
export interface PostgresIndex {
  table: string
  name: string
  /** The first column, or the expression that stands in its place. */
  first: string
  unique: boolean
}

/** Every declared answer, those of the effects with them. */
export function allCounterparts(): Record<string, Record<string, Counterpart>> {
  const effects = Object.keys(mongoRepositories).map(effectCounterparts)
  return Object.assign({}, counterparts, ...effects)
}

/** What is missing between the indexes of the legacy models and those of this database; empty if nothing is. */
export async function missingParity(pool: pg.Pool): Promise<string[]> {
  return compareIndexes(await legacyIndexes(), allCounterparts(), await postgresIndexes(pool))
}

/** Tells of indexes without a line, lines without an index, and answers that Postgres does not have. */
export function compareIndexes(
  legacy: readonly LegacyIndex[],
  declared: Record<string, Record<string, Counterpart>>,
  postgres: readonly PostgresIndex[],
): string[] {
  const byName = new Map(postgres.map((index) => [index.name, index]))
  const troubles = legacy.flatMap((index) => {
    const counterpart = declared[index.collection]?.[index.fields]
    const trouble =
      counterpart === undefined
        ? 'has no line in migration/index-parity/counterparts.ts: name its index in Postgres, or why none is needed'
        : troubleOf(index, counterpart, byName)
    return trouble === null ? [] : [`${index.collection} (${index.fields}) ${trouble}`]
  })
  const known = new Set(legacy.map(({ collection, fields }) => `${collection} (${fields})`))
  const stale = Object.entries(declared)
    .flatMap(([collection, lines]) => Object.keys(lines).map((fields) => `${collection} (${fields})`))
    .filter((line) => !known.has(line))
  return [...troubles, ...stale.map((line) => `${line} has a line, but no model declares it`)]
}

function troubleOf(
  legacy: LegacyIndex,
  counterpart: Counterpart,
  postgres: ReadonlyMap<string, PostgresIndex>,
): string | null {
  if (typeof counterpart === 'object' && 'none' in counterpart) return null
  const name = typeof counterpart === 'string' ? counterpart : counterpart.index
  const found = postgres.get(name)
  if (found === undefined) return `is answered by ${name}, which this database does not have`
  if (typeof counterpart === 'object') return null
  if (legacy.unique && !found.unique) return `is unique, and ${name} is not`
  return beginsWith(found.first, legacy.fields)
    ? null
    : `is answered by ${name}, which begins with ${found.first}; say why it serves the same questions`
}

/** `buyerId` stands in `buyer_id`, `user` in `user_id`, `email` also in `lower(email)`. */
function beginsWith(first: string, fields: string): boolean {
  const field = /[^.:]+(?=:)/.exec(fields)?.[0] ?? ''
  const column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return (first.match(/[a-z_]+/g) ?? []).some((word) => word === column || word === `${column}_id`)
}

export async function postgresIndexes(pool: pg.Pool): Promise<PostgresIndex[]> {
  const { rows } = await pool.query<PostgresIndex>(
    `select i.indrelid::regclass::text as table, c.relname as name,
       pg_get_indexdef(i.indexrelid, 1, true) as first, i.indisunique as unique
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relnamespace = 'public'::regnamespace and i.indisvalid
     order by c.relname`,
  )
  return rows
}
