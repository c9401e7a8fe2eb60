import type { Pool, PoolClient } from 'pg'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { databaseFault, sqlStates } from './sql-state.ts'

export interface TransactionOptions {
  /**
   * The transaction writes into a mirror: foreign keys and ordinary triggers do not fire, as for any replication
   * applier, so old data that dangles can land and nothing echoes through the outbox.
   */
  applier?: boolean
  /** READ COMMITTED unless the caller needs one snapshot for several reads. */
  isolation?: 'read committed' | 'repeatable read'
  readOnly?: boolean
  lockTimeoutMs?: number
  statementTimeoutMs?: number
}

/**
 * The one door to transactions. Settings are SET LOCAL only: a pool would leak session settings into the next
 * user's transaction, and replica role leaked would leave the outbox silently empty.
 */
export async function inTransaction<T>(
  pool: Pool,
  options: TransactionOptions,
  work: (tx: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  // An idle-in-transaction client whose backend is ended emits "error"; the next query reports it, so this is enough.
  const ignore = () => undefined
  client.on('error', ignore)
  let broken: Error | undefined
  try {
    await client.query(openingStatement(options)).catch(explainMissingPrivilege)
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause
    })
    throw error
  } finally {
    client.off('error', ignore)
    // A connection that could not roll back is not given to anybody else.
    client.release(broken)
  }
}

/** One simple-protocol message, so that the settings cost no round trip. Only numbers and constants are put in. */
function openingStatement(options: TransactionOptions): string {
  const statements = [
    `begin isolation level ${options.isolation ?? 'read committed'}${options.readOnly === true ? ' read only' : ''}`,
  ]
  if (options.applier === true) statements.push('set local session_replication_role = replica')
  if (options.lockTimeoutMs !== undefined) {
    statements.push(`set local lock_timeout = ${Math.max(1, Math.trunc(options.lockTimeoutMs))}`)
  }
  if (options.statementTimeoutMs !== undefined) {
    statements.push(`set local statement_timeout = ${Math.max(1, Math.trunc(options.statementTimeoutMs))}`)
  }
  return statements.join('; ')
}

function explainMissingPrivilege(cause: unknown): never {
  if (databaseFault(cause)?.state !== sqlStates.insufficientPrivilege) throw cause
  throw new LandbridgeError(
    errorCodes.missingPrivilege,
    'the role of the engine may not set session_replication_role; as a superuser: GRANT SET ON PARAMETER session_replication_role TO <role>',
    { cause },
  )
}
