import type { MongoClient } from 'mongodb'
import type { ClientBase, Pool } from 'pg'
import { errorCodes, LandbridgeError } from '../errors.ts'

/** Change streams and transactions exist on a replica set (and behind mongos) only. */
export async function requireReplicaSet(client: MongoClient): Promise<void> {
  const hello = await client
    .db('admin')
    .command({ hello: 1 })
    .catch((cause: unknown) => {
      throw mongoUnavailable(cause)
    })
  if (typeof hello.setName === 'string' || hello.msg === 'isdbgrid') return
  throw new LandbridgeError(
    errorCodes.notReplicaSet,
    'MongoDB is a standalone server; change streams and transactions need a replica set. Start mongod with --replSet rs0, run rs.initiate() once, and add ?replicaSet=rs0 to MONGO_URL.',
  )
}

/** Appliers write as replication does: the role must be allowed to set session_replication_role. */
export async function missingPrivileges(client: Pool | ClientBase): Promise<string[]> {
  const { rows } = await client.query(`
    select current_user as role,
      (select rolsuper from pg_roles where rolname = current_user)
        or (current_setting('server_version_num')::int >= 150000
          and has_parameter_privilege(current_user, 'session_replication_role', 'set')) as may_replicate,
      pg_has_role(current_user, 'pg_signal_backend', 'member')
        or (select rolsuper from pg_roles where rolname = current_user) as may_signal`)
  const row = rows[0]
  const missing: string[] = []
  if (row?.may_replicate !== true) {
    missing.push(`GRANT SET ON PARAMETER session_replication_role TO ${quoteRole(row?.role)};`)
  }
  if (row?.may_signal !== true) missing.push(`GRANT pg_signal_backend TO ${quoteRole(row?.role)};`)
  return missing
}

/** Throws LB_MISSING_PRIVILEGE with the statement that a superuser must run. */
export async function requirePrivileges(client: Pool | ClientBase): Promise<void> {
  const missing = await missingPrivileges(client)
  if (missing.length === 0) return
  throw new LandbridgeError(
    errorCodes.missingPrivilege,
    `the Postgres role may not do what the engine needs; let a superuser run: ${missing.join(' ')}`,
    { detail: { grants: missing } },
  )
}

export function mongoUnavailable(cause: unknown): LandbridgeError {
  return new LandbridgeError(
    errorCodes.mongoUnavailable,
    `MongoDB cannot be reached: ${messageOf(cause)}; check MONGO_URL and that the server runs`,
    { cause },
  )
}

export function postgresUnavailable(cause: unknown): LandbridgeError {
  return new LandbridgeError(
    errorCodes.postgresUnavailable,
    `Postgres cannot be reached: ${messageOf(cause)}; check DATABASE_URL and that the server runs`,
    { cause },
  )
}

/** An AggregateError (one per address that was tried) has no message of its own. */
function messageOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join('; ')
  return cause instanceof Error ? cause.message : String(cause)
}

function quoteRole(role: unknown): string {
  return `"${String(role).replaceAll('"', '""')}"`
}
