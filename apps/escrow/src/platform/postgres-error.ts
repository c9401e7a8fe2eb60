/** The meaning of the SQLSTATEs that the application expects. */
export const uniqueViolation = '23505'
export const foreignKeyViolation = '23503'
export const checkViolation = '23514'
export const serializationFailure = '40001'
export const deadlockDetected = '40P01'

interface PostgresError {
  code: string
  constraint?: string
}

/** The driver's error inside whatever wraps it (Drizzle keeps it as the cause), or null when none is there. */
export function postgresErrorOf(error: unknown): PostgresError | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string' && /^[0-9A-Z]{5}$/.test(current.code)) {
      const constraint =
        'constraint' in current && typeof current.constraint === 'string' ? current.constraint : undefined
      return { code: current.code, constraint }
    }
  }
  return null
}

/** Whether `error` is the database refusing `constraint` (a unique index, check or foreign key by its name). */
export function violates(error: unknown, constraint: string): boolean {
  const found = postgresErrorOf(error)
  return found?.constraint === constraint && found.code.startsWith('23')
}

/** Whether running the whole transaction again may succeed. */
export function isRetryable(error: unknown): boolean {
  const code = postgresErrorOf(error)?.code
  return code === serializationFailure || code === deadlockDetected
}
