/**
 * Gives a role what the final program needs and nothing else; run it again after every migration. The role has no
 * password until somebody gives it one: `alter role escrow_app password '...'`.
 *
 *   DATABASE_URL=<as the owner> npm run db:grant [-- escrow_app]
 *
 * While units move, the program is the engine as well and runs as the owner: it puts triggers on and takes them off.
 */
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { readConfig } from './config.ts'

/** Tables whose rows are never changed carry a trigger that says so: they may be read and added to. */
const grants = `
  select format('grant select, insert%s on %s to %I',
    case when exists (select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
      where g.tgrelid = c.oid and p.proname = 'refuse_change_of_append_only') then '' else ', update, delete' end,
    c.oid::regclass, $1::text) as statement
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  union all
  select format('grant select on %s to %I', c.oid::regclass, $1::text)
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
  union all
  select format('grant usage on sequence %s to %I', c.oid::regclass, $1::text)
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'S'`

/** Makes the role if there is none, takes away what it has here, and grants what it needs. All or nothing. */
export async function grantRuntimeRole(pool: pg.Pool, role: string): Promise<void> {
  const name = pg.escapeIdentifier(role)
  const client = await pool.connect()
  try {
    await client.query('begin')
    // Roles belong to the whole server: two databases may want the same one at once.
    await client.query("select pg_advisory_xact_lock(hashtextextended('escrow.runtime-role', 0))")
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
    if (rowCount === 0) {
      await client.query(`create role ${name} login nosuperuser nocreatedb nocreaterole noreplication`)
    }
    await client.query(`revoke all on all tables in schema public from ${name}`)
    await client.query(`grant usage on schema public to ${name}`)
    const { rows } = await client.query<{ statement: string }>(grants, [role])
    for (const { statement } of rows) await client.query(statement)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const pool = new pg.Pool({ connectionString: readConfig(process.env).databaseUrl, max: 1 })
  const role = process.argv[2] ?? 'escrow_app'
  try {
    await grantRuntimeRole(pool, role)
    console.error(`${role} may do what the application needs.`)
  } finally {
    await pool.end()
  }
}
