/** SQLSTATEs that the engine reacts to. Database errors are recognised by these, never by their text. */
export const sqlStates = {
  uniqueViolation: '23505',
  exclusionViolation: '23P01',
  notNullViolation: '23502',
  checkViolation: '23514',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  deadlockDetected: '40P01',
  serializationFailure: '40001',
  insufficientPrivilege: '42501',
  /** A value that is longer than an index (2,704 bytes in a b-tree) or a type can take. */
  limitExceeded: '54000',
} as const

/** What Postgres says of an error beside its text. */
export interface DatabaseFault {
  state: string
  message: string
  constraint?: string
  table?: string
  column?: string
}

/** The fault that Postgres itself reported; undefined for lost connections and errors that are not Postgres'. */
export function databaseFault(error: unknown): DatabaseFault | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, severity, constraint, table, column } = error as Error & Record<string, unknown>
  if (typeof code !== 'string' || typeof severity !== 'string' || !/^[0-9A-Z]{5}$/.test(code))
    return undefined
  return {
    state: code,
    message: error.message,
    constraint: typeof constraint === 'string' ? constraint : undefined,
    table: typeof table === 'string' ? table : undefined,
    column: typeof column === 'string' ? column : undefined,
  }
}

/** Another row holds the value, or one that an exclusion does not let stand beside it. */
export function isValueTaken(error: unknown): boolean {
  const state = databaseFault(error)?.state
  return state === sqlStates.uniqueViolation || state === sqlStates.exclusionViolation
}

/** Another transaction holds a lock; trying again later is all that is needed. */
export function isBusy(error: unknown): boolean {
  const state = databaseFault(error)?.state
  return (
    state === sqlStates.lockNotAvailable ||
    state === sqlStates.deadlockDetected ||
    state === sqlStates.serializationFailure ||
    state === sqlStates.queryCanceled
  )
}

/**
 * The value is at fault, not the server: class 22 (data exception), class 23 (constraints), a JSON or text that
 * Postgres cannot hold, and what is too long for an index. Such an error comes back however often it is tried.
 */
export function isDataFault(error: unknown): boolean {
  const state = databaseFault(error)?.state
  if (state === sqlStates.limitExceeded) return true
  return state !== undefined && (state.startsWith('22') || state.startsWith('23'))
}
