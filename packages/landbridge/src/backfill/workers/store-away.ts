import { MongoNetworkError, MongoServerSelectionError } from 'mongodb'
import { databaseFault } from '../../target/sql-state.ts'

/** Classes and codes of Postgres for a server that stops, starts, or has no connection left. */
const away = /^(08...|57P0[1-3]|53300)$/

/** The store is away, not the chunk at fault: the same chunk can be copied when it is back. */
export function isStoreAway(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true
  if (!(error instanceof Error)) return false
  const state = databaseFault(error)?.state
  if (state !== undefined) return away.test(state)
  // node-postgres has no code for a connection that the server closed.
  if (/^Connection terminated|^timeout exceeded when trying to connect/.test(error.message)) return true
  return 'code' in error && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(String(error.code))
}
