import { MongoBulkWriteError, MongoNetworkError, MongoServerSelectionError } from 'mongodb'

const SYSTEM_CODES = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE'])

/** Whether an error only says that the server is gone. */
export function isLostConnection(error: unknown): boolean {
  // The driver wraps what stops a bulk write, and lets some errors of a socket through as they are.
  const reason: unknown = error instanceof MongoBulkWriteError ? error.errorResponse : error
  if (reason instanceof MongoNetworkError || reason instanceof MongoServerSelectionError) return true
  return reason instanceof Error && 'code' in reason && SYSTEM_CODES.has(String(reason.code))
}
