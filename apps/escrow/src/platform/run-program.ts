import { postgresErrorOf } from './postgres-error.ts'

/** A program cannot do its work, for a reason that whoever started it can mend: the message says how. */
export class ProgramError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProgramError'
    this.code = code
  }
}

/** Runs a program. A failure that its user can mend is told in words, without a stack; the exit code is then 1. */
export async function runProgram(program: () => Promise<void>): Promise<void> {
  try {
    await program()
  } catch (error) {
    const explained = explain(error)
    if (explained === null) throw error
    console.error(explained)
    process.exitCode = 1
  }
}

/** What went wrong and what to do, or null for a fault of the program's own: that needs its stack. */
export function explain(error: unknown): string | null {
  if (error instanceof ProgramError) return `${error.code}: ${error.message}`
  if (connectionFailure(error)) {
    return `DATABASE_UNAVAILABLE: Postgres does not answer at the address in DATABASE_URL (${lastMessage(error)}).`
  }
  const remedy = remedies.get(postgresErrorOf(error)?.code ?? '')
  return remedy === undefined ? null : `${remedy} (${lastMessage(error)})`
}

const remedies = new Map([
  ['28P01', 'DATABASE_REFUSES: the user or password in DATABASE_URL is not right.'],
  ['28000', 'DATABASE_REFUSES: the user in DATABASE_URL may not connect.'],
  ['3D000', 'DATABASE_MISSING: the database in DATABASE_URL does not exist: create it (createdb).'],
  ['42P01', 'DATABASE_NOT_MIGRATED: a table is missing: run `npm run db:migrate` first.'],
  ['42703', 'DATABASE_NOT_MIGRATED: a column is missing: run `npm run db:migrate` first.'],
  [
    '42501',
    'DATABASE_REFUSES: the role in DATABASE_URL lacks a privilege: `npm run db:migrate` needs the owner; ' +
      'for the role of the program, the owner runs `npm run db:grant`.',
  ],
])

const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH'])

function connectionFailure(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string' && unreachable.has(current.code)) return true
  }
  return false
}

/** The innermost cause says what happened; those around it repeat the query. */
function lastMessage(error: unknown): string {
  let message = ''
  for (let current = error; current instanceof Error; current = current.cause) {
    // Node's error for a name with several addresses has no message, only a code.
    const code = 'code' in current && typeof current.code === 'string' ? current.code : ''
    message = current.message === '' ? code : current.message
  }
  return message
}
