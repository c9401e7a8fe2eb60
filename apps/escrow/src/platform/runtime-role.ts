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
import { jobSchema } from './job-schema.ts'
import { ProgramError, runProgram } from './run-program.ts'

/** The schemas of the application, of its job queue, and of the list of the migrations that were applied. */
const schemas = ['public', jobSchema, 'drizzle']

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
  from pg_class c where c.relnamespace in ('public'::regnamespace, '${jobSchema}'::regnamespace) and c.relkind = 'S'
  union all
  select format('grant select on drizzle.__drizzle_migrations to %I', $1::text)`

/**
 * The job queue's tables let nobody but their owner see a row (row-level security without a policy), so the role gets
 * a policy besides its grants. Which migrations were applied is for the owner to write.
 */
const jobGrants = `
  select format('grant select%s on %s to %I',
    case when c.relname = 'migrations' or c.relkind = 'v' then '' else ', insert, update, delete' end,
    c.oid::regclass, $1::text) as statement
  from pg_class c where c.relnamespace = '${jobSchema}'::regnamespace and c.relkind in ('r', 'v')
  union all
  select statement from pg_class c,
    lateral (values (1, format('drop policy if exists %I on %s', $1::text, c.oid::regclass)),
      (2, format('create policy %I on %s to %I using (true) with check (true)', $1::text, c.oid::regclass, $1::text))
    ) as policy (step, statement)
  where c.relnamespace = '${jobSchema}'::regnamespace and c.relrowsecurity`

/** Makes the role if there is none, takes away what it has here, and grants what it needs. All or nothing. */
export async function grantRuntimeRole(pool: pg.Pool, role: string): Promise<void> {
  const name = pg.escapeIdentifier(role)
  const client = await pool.connect()
  try {
    await client.query('begin')
    await refuseUnmigrated(client)
    // Roles belong to the whole server: two databases may want the same one at once.
    await client.query("select pg_advisory_xact_lock(hashtextextended('escrow.runtime-role', 0))")
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
    if (rowCount === 0) {
      await client.query(`create role ${name} login nosuperuser nocreatedb nocreaterole noreplication`)
    }
    await client.query(`revoke all on all tables in schema ${schemas.join(', ')} from ${name}`)
    await client.query(`grant usage on schema ${schemas.join(', ')} to ${name}`)
    for (const query of [grants, jobGrants]) {
      const { rows } = await client.query<{ statement: string }>(query, [role])
      for (const { statement } of rows) await client.query(statement)
    }
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function refuseUnmigrated(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ schema: string }>(
    'select schema from unnest($1::text[]) schema where to_regnamespace(schema) is null',
    [schemas],
  )
  if (rows.length === 0) return
  const missing = rows.map(({ schema }) => schema).join(', ')
  throw new ProgramError(
    'DATABASE_NOT_MIGRATED',
    `there is no schema ${missing} to grant on: run \`npm run db:migrate\` first`,
  )
}

async function main(): Promise<void> {
  const pool = new pg.Pool({ connectionString: readConfig(process.env).databaseUrl, max: 1 })
  const role = process.argv[2] ?? 'escrow_app'
  try {
    await grantRuntimeRole(pool, role)
    console.error(`${role} may do what the application needs.`)
  } finally {
    await pool.end()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runProgram(main)
