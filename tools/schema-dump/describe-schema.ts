import type pg from 'pg'
import { describeTables } from './describe-tables.ts'

/**
 * The schema of a database as text for people and for `git diff`: everything of one Postgres schema that changes what
 * a row may be or what happens when it is written, in a stable order. Not a script to restore from.
 */
export async function describeSchema(client: pg.ClientBase, schema: string): Promise<string> {
  // Names of the schema itself are left out of expressions, so that the text reads as the migrations do.
  await client.query("select set_config('search_path', quote_ident($1), false)", [schema])
  const parts = [
    ...(await describeTypes(client, schema)),
    ...(await describeSequences(client, schema)),
    ...(await describeFunctions(client, schema)),
    ...(await describeTables(client, schema)),
    ...(await describeViews(client, schema)),
  ]
  return `${parts.join('\n\n')}\n`
}

const notOfAnExtension = (object: string) =>
  `not exists (select from pg_depend d where d.objid = ${object}.oid and d.deptype = 'e')`

async function describeTypes(client: pg.ClientBase, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select format('CREATE TYPE %I AS ENUM (%s);', t.typname,
       (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
        from pg_enum e where e.enumtypid = t.oid)) as line
     from pg_type t
     where t.typnamespace = $1::text::regnamespace and t.typtype = 'e' and ${notOfAnExtension('t')}
     union all
     select format('CREATE DOMAIN %I AS %s%s;', t.typname, format_type(t.typbasetype, t.typtypmod),
       coalesce((select string_agg(' ' || pg_get_constraintdef(c.oid), '' order by c.conname)
         from pg_constraint c where c.contypid = t.oid), ''))
     from pg_type t
     where t.typnamespace = $1::text::regnamespace and t.typtype = 'd' and ${notOfAnExtension('t')}
     order by 1`,
    [schema],
  )
  return rows.map((row) => row.line)
}

/** Sequences of their own; those of identity columns are described with their column. */
async function describeSequences(client: pg.ClientBase, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select format('CREATE SEQUENCE %I AS %s START %s INCREMENT %s;', c.relname, format_type(s.seqtypid, null),
       s.seqstart, s.seqincrement) as line
     from pg_sequence s join pg_class c on c.oid = s.seqrelid
     where c.relnamespace = $1::text::regnamespace
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('i', 'e'))
     order by c.relname`,
    [schema],
  )
  return rows.map((row) => row.line)
}

async function describeFunctions(client: pg.ClientBase, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ definition: string }>(
    `select pg_get_functiondef(p.oid) as definition from pg_proc p
     where p.pronamespace = $1::text::regnamespace and p.prokind in ('f', 'p') and ${notOfAnExtension('p')}
     order by p.proname, pg_get_function_identity_arguments(p.oid)`,
    [schema],
  )
  return rows.map((row) => `${row.definition.trimEnd()};`)
}

async function describeViews(client: pg.ClientBase, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ kind: string; name: string; definition: string }>(
    `select case c.relkind when 'm' then 'MATERIALIZED VIEW' else 'VIEW' end as kind,
       quote_ident(c.relname) as name, pg_get_viewdef(c.oid, true) as definition
     from pg_class c
     where c.relnamespace = $1::text::regnamespace and c.relkind in ('v', 'm') and ${notOfAnExtension('c')}
     order by c.relname`,
    [schema],
  )
  return rows.map((row) => `CREATE ${row.kind} ${row.name} AS\n${row.definition}`)
}
